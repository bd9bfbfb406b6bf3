// Bytes that are read where they are needed: a part of a file, or what is unpacked on the way. Never more at once than asked.
import { type FileHandle, open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { ForelossError } from "../../core/errors.ts";

export interface ByteSource {
  /** Opens messages. */
  readonly where: string;
  readonly bytes: number;
  /** True when reading can only go on, never back. */
  readonly forwardOnly: boolean;
  /** Exactly `length` bytes from `at`. Throws a `ForelossError` when there are fewer. */
  read(at: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** The file at `path`, or `length` bytes of it from `start`. */
export async function openBytes(
  path: string,
  part: { start: number; length: number } | null = null,
): Promise<ByteSource> {
  const file = await open(path);
  const start = part?.start ?? 0;
  const bytes = part?.length ?? (await file.stat()).size;
  return {
    where: path,
    bytes,
    forwardOnly: false,
    read: (at, length) => readExactly(file, path, start + at, length),
    close: () => file.close(),
  };
}

async function readExactly(file: FileHandle, where: string, at: number, length: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, at + filled);
    if (bytesRead === 0) throw cutShort(where, at + filled);
    filled += bytesRead;
  }
  return buffer;
}

/** What a stream gives, which is read once from front to back. */
export function forwardBytes(stream: Readable, where: string, bytes: number): ByteSource {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  let rest: Uint8Array = new Uint8Array();
  let position = 0;
  const take = async (length: number, keep: Uint8Array | null): Promise<void> => {
    for (let taken = 0; taken < length; ) {
      if (rest.length === 0) {
        const { done, value } = await chunks.next();
        if (done) throw cutShort(where, position);
        rest = value;
      }
      const part = rest.subarray(0, length - taken);
      keep?.set(part, taken);
      rest = rest.subarray(part.length);
      taken += part.length;
      position += part.length;
    }
  };
  return {
    where,
    bytes,
    forwardOnly: true,
    read: async (at, length) => {
      if (at < position) throw new RangeError(`${where}: byte ${at} asked for after byte ${position}`);
      await take(at - position, null);
      const kept = new Uint8Array(length);
      await take(length, kept);
      return kept;
    },
    close: async () => void stream.destroy(),
  };
}

/** All of `source`, kept in memory so that it can be read in any order. */
export async function heldBytes(source: ByteSource): Promise<ByteSource> {
  const all = await source.read(0, source.bytes);
  return { ...source, forwardOnly: false, read: async (at, length) => all.subarray(at, at + length) };
}

function cutShort(where: string, at: number): ForelossError {
  return new ForelossError(`${where}: ends after ${at} bytes, in the middle of its data; write it again`);
}
