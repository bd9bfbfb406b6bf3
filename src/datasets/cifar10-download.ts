// Fetches the official CIFAR-10 archive: into a `.part` file that a later try goes on with, then checked against its
// known size and checksum, unpacked beside its place and moved there in one step.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { extract } from "tar";
import { ForelossError, InterruptedError } from "../core/errors.ts";
import { findCifar10 } from "./cifar10.ts";

/** An archive that is known byte by byte. */
export interface Archive {
  readonly url: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly md5: string;
}

/** The binary version as https://www.cs.toronto.edu/~kriz/cifar.html offers it. */
export const cifar10Archive: Archive = {
  url: "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
  bytes: 170_052_171,
  md5: "c32a1d4ab5d03f1284b67883e8d87530",
};

export interface DownloadOptions {
  /** Called now and then with bytes there (also those of an earlier try) and bytes in all. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
  /** When aborted, the download stops with an `InterruptedError`; what has arrived stays for the next try. */
  readonly signal?: AbortSignal;
  readonly fetch?: typeof fetch;
  readonly archive?: Archive;
}

/** Name of the folder inside the archive. */
const unpackedName = "cifar-10-batches-bin";

/**
 * Makes sure that CIFAR-10 lies in `folder` (made where it is missing) and gives the folder that holds its files.
 * Does nothing when it is there already. Throws a `ForelossError` that says what to do by hand when it cannot be fetched.
 */
export async function downloadCifar10(folder: string, options: DownloadOptions = {}): Promise<string> {
  const present = await findCifar10(folder);
  if (present !== undefined) return present;
  const archive = options.archive ?? cifar10Archive;
  try {
    return await fetchAndUnpack(archive, folder, options);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new ForelossError(`${folder}: the archive cannot be stored (${error.message})`, {
      hint: "Name a folder with 400 MB of room that can be written to.",
      cause: error,
    });
  }
}

async function fetchAndUnpack(archive: Archive, folder: string, options: DownloadOptions): Promise<string> {
  await mkdir(folder, { recursive: true });
  const part = path.join(folder, `${path.posix.basename(new URL(archive.url).pathname)}.part`);
  await fetchArchive(archive, part, folder, options);
  await verify(archive, part, folder);
  const place = await unpack(part, folder);
  await rm(part);
  return place;
}

/** Fetches what `part` still lacks. A connection that breaks after it brought something is taken up again at once. */
async function fetchArchive(archive: Archive, part: string, folder: string, options: DownloadOptions): Promise<void> {
  let have = await sizeOf(part);
  while (have < archive.bytes) {
    const before = have;
    try {
      have = await fetchRest(archive, part, have, options);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      have = await sizeOf(part);
      if (options.signal?.aborted) throw interrupted(have);
      if (have <= before) throw unreachable(archive, folder, error.message, error.cause);
    }
  }
}

/** The connection failed or was refused; anything else that goes wrong (a full disk) is not tried again. */
class ConnectionError extends Error {}

/** One request for the bytes from `have` on; gives the size of `part` when the server is done. */
async function fetchRest(archive: Archive, part: string, have: number, options: DownloadOptions): Promise<number> {
  const response = await request(archive.url, have, options);
  const resumed = response.status === 206;
  const offered = resumed ? response.headers.get("content-range") : response.headers.get("content-length");
  if (response.body === null || !response.ok || (resumed && !offered?.startsWith(`bytes ${have}-`))) {
    await response.body?.cancel();
    throw new ConnectionError(`the server answered ${response.status} ${response.statusText}`);
  }
  // The size of the whole file is the last number of either header.
  const offeredBytes = Number(/\d+$/.exec(offered ?? "")?.[0] ?? archive.bytes);
  if (offeredBytes !== archive.bytes) {
    await response.body.cancel();
    throw new ConnectionError(`the server offers ${offeredBytes} bytes, the archive has ${archive.bytes}`);
  }
  const file = await open(part, resumed ? "a" : "w");
  let size = resumed ? have : 0;
  try {
    for await (const chunk of chunks(response.body)) {
      await file.appendFile(chunk);
      size += chunk.length;
      options.onProgress?.(size, archive.bytes);
      if (size > archive.bytes) break;
    }
  } finally {
    await file.close();
  }
  if (size <= have) throw new ConnectionError(`the server sent ${size - have} bytes`);
  return size;
}

async function request(url: string, have: number, options: DownloadOptions): Promise<Response> {
  try {
    return await (options.fetch ?? fetch)(url, {
      headers: { "accept-encoding": "identity", ...(have === 0 ? {} : { range: `bytes=${have}-` }) },
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  } catch (error) {
    throw connectionError(error);
  }
}

async function* chunks(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw connectionError(error);
      });
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined); // The connection is given up either way.
  }
}

function connectionError(error: unknown): ConnectionError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return new ConnectionError(cause instanceof Error ? cause.message : String(cause), { cause: error });
}

async function verify(archive: Archive, part: string, folder: string): Promise<void> {
  const size = await sizeOf(part);
  const hash = createHash("md5");
  for await (const chunk of createReadStream(part)) hash.update(chunk as Buffer);
  const md5 = hash.digest("hex");
  if (size === archive.bytes && md5 === archive.md5) return;
  await rm(part);
  throw new ForelossError(
    `${archive.url}: what arrived is not the official archive: ${size} bytes with MD5 ${md5}, expected ${archive.bytes} bytes with MD5 ${archive.md5}`,
    { hint: `It was deleted: try again, or ${byHand(archive, folder)}` },
  );
}

/** Unpacks beside the place where the data will lie and moves it there, so that a half-unpacked folder is never taken for the data. */
async function unpack(file: string, folder: string): Promise<string> {
  const place = path.join(folder, unpackedName);
  if ((await stat(place).catch(() => undefined)) !== undefined) {
    throw new ForelossError(`${place}: is there already, but not complete`, { hint: "Move it away and try again." });
  }
  const unpacking = `${place}.part`;
  await rm(unpacking, { recursive: true, force: true });
  await mkdir(unpacking);
  await extract({ file, cwd: unpacking, strip: 1 });
  await rename(unpacking, place);
  return place;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

function interrupted(have: number): InterruptedError {
  return new InterruptedError(`download stopped after ${have} bytes`, {
    hint: "The same command goes on from there.",
  });
}

function unreachable(archive: Archive, folder: string, why: string, cause: unknown): ForelossError {
  return new ForelossError(`${archive.url}: cannot be fetched (${why})`, {
    hint: `Check the network and try again: it goes on where it stopped. Or ${byHand(archive, folder)}`,
    cause,
  });
}

function byHand(archive: Archive, folder: string): string {
  return `fetch ${archive.url} on another machine and unpack it in ${folder}, so that ${path.join(folder, unpackedName, "data_batch_1.bin")} is there.`;
}
