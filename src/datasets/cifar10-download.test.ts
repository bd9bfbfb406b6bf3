import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { create } from "tar";
import { ForelossError, InterruptedError } from "../core/errors.ts";
import { type Archive, downloadCifar10 } from "./cifar10-download.ts";

const files = [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`).concat("test_batch.bin", "batches.meta.txt");

/** Something no compression shrinks, so that the archive comes in several pieces. */
const content = (name: string) =>
  Buffer.concat(
    Array.from({ length: 400 }, (_, i) =>
      createHash("sha512")
        .update(name + i)
        .digest(),
    ),
  );

type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

const startOf = (request: IncomingMessage) => Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);

/** The headers of an answer that knows ranges; gives the first byte asked for. */
function answerHead(request: IncomingMessage, response: ServerResponse, body: Buffer): number {
  const start = startOf(request);
  const range = { "content-range": `bytes ${start}-${body.length - 1}/${body.length}` };
  response.writeHead(start > 0 ? 206 : 200, { "content-length": body.length - start, ...(start > 0 ? range : {}) });
  return start;
}

const withRange: Answer = (request, response, body) => {
  response.end(body.subarray(answerHead(request, response, body)));
};

describe("downloadCifar10", () => {
  let root: string;
  let folder: string;
  let body: Buffer;
  let archive: Archive;
  /** How the server answers, request after request; the last one stays. */
  let answers: Answer[];
  let ranges: (string | undefined)[];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range);
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
    answer(request, response, body);
  });

  before(async () => {
    root = await mkdtemp(path.join(tmpdir(), "foreloss-download-"));
    const inside = path.join(root, "source", "cifar-10-batches-bin");
    await mkdir(inside, { recursive: true });
    for (const name of files) await writeFile(path.join(inside, name), content(name));
    const file = path.join(root, "tiny.tar.gz");
    await create({ file, cwd: path.join(root, "source"), gzip: true }, ["cifar-10-batches-bin"]);
    body = await readFile(file);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tiny.tar.gz`;
    archive = { url, bytes: body.length, md5: createHash("md5").update(body).digest("hex") };
  });

  beforeEach(async () => {
    folder = path.join(await mkdtemp(path.join(root, "case-")), "data");
    answers = [withRange];
    ranges = [];
  });

  after(async () => {
    server.closeAllConnections();
    server.close();
    await rm(root, { recursive: true });
  });

  const complains = (...parts: RegExp[]) => {
    return (error: unknown) => {
      assert.ok(error instanceof ForelossError, String(error));
      for (const part of parts) assert.match(`${error.message} | ${error.hint}`, part);
      return true;
    };
  };

  test("fetches, checks and unpacks the archive, and leaves nothing else behind", async () => {
    const seen: [number, number][] = [];
    const place = await downloadCifar10(folder, { archive, onProgress: (done, total) => seen.push([done, total]) });
    assert.equal(place, path.join(folder, "cifar-10-batches-bin"));
    assert.deepEqual(await readdir(folder), ["cifar-10-batches-bin"]);
    for (const name of files) assert.deepEqual(await readFile(path.join(place, name)), content(name));
    assert.deepEqual(seen.at(-1), [body.length, body.length]);
  });

  test("does nothing when the data is there already", async () => {
    const first = await downloadCifar10(folder, { archive });
    assert.equal(await downloadCifar10(folder, { archive }), first);
    assert.equal(ranges.length, 1);
  });

  test("takes up a connection that breaks in the middle where it broke", async () => {
    let breakAt = { bytes: 0, connection: undefined as ServerResponse | undefined };
    /** Sends half of what was asked for; the connection breaks when that half has arrived. */
    const breaking: Answer = (request, response, body) => {
      const start = answerHead(request, response, body);
      const half = start + Math.ceil((body.length - start) / 2);
      response.write(body.subarray(start, half));
      breakAt = { bytes: half, connection: response };
    };
    answers = [breaking, breaking, withRange];
    const onProgress = (done: number) => done === breakAt.bytes && breakAt.connection?.destroy();
    await downloadCifar10(folder, { archive, onProgress });
    const half = Math.ceil(body.length / 2);
    assert.deepEqual(ranges, [undefined, `bytes=${half}-`, `bytes=${half + Math.ceil((body.length - half) / 2)}-`]);
  });

  test("goes on with the part that an earlier try left", async () => {
    await mkdir(folder);
    await writeFile(path.join(folder, "tiny.tar.gz.part"), body.subarray(0, 1000));
    await downloadCifar10(folder, { archive });
    assert.deepEqual(ranges, ["bytes=1000-"]);
  });

  test("asks for nothing when the part is whole already", async () => {
    await mkdir(folder);
    await writeFile(path.join(folder, "tiny.tar.gz.part"), body);
    await downloadCifar10(folder, { archive });
    assert.deepEqual(ranges, []);
  });

  test("begins anew when the server does not know ranges", async () => {
    answers = [(_request, response) => response.end(body)];
    await mkdir(folder);
    await writeFile(path.join(folder, "tiny.tar.gz.part"), Buffer.alloc(1000, 7));
    await downloadCifar10(folder, { archive });
    assert.deepEqual(await readdir(folder), ["cifar-10-batches-bin"]);
  });

  test("refuses an archive with a wrong checksum, says both, and deletes it", async () => {
    const wrong = { ...archive, md5: "0".repeat(32) };
    await assert.rejects(
      downloadCifar10(folder, { archive: wrong }),
      complains(new RegExp(archive.md5), /0{32}/, /deleted/),
    );
    assert.deepEqual(await readdir(folder), []);
  });

  test("refuses a page that is not the archive before it stores anything", async () => {
    answers = [(_request, response) => response.writeHead(200, { "content-length": 5 }).end("login")];
    await assert.rejects(
      downloadCifar10(folder, { archive }),
      complains(/offers 5 bytes/, new RegExp(`${body.length}`)),
    );
    assert.deepEqual(await readdir(folder), []);
  });

  test("says what to do by hand when the server refuses", async () => {
    answers = [(_request, response) => response.writeHead(403).end("no")];
    await assert.rejects(
      downloadCifar10(folder, { archive }),
      complains(/403/, /tiny\.tar\.gz on another machine/, /cifar-10-batches-bin.data_batch_1\.bin/),
    );
  });

  test("says what to do by hand when there is no network", async () => {
    const refused = { ...archive, url: "http://127.0.0.1:1/tiny.tar.gz" };
    await assert.rejects(downloadCifar10(folder, { archive: refused }), complains(/cannot be fetched/, /unpack it in/));
  });

  test("stops when told to, and goes on from there the next time", async () => {
    const controller = new AbortController();
    answers = [
      (_request, response) => {
        response.writeHead(200, { "content-length": body.length });
        response.write(body.subarray(0, 2000));
      },
      withRange,
    ];
    const stopped = downloadCifar10(folder, {
      archive,
      signal: controller.signal,
      onProgress: (done) => done === 2000 && controller.abort(),
    });
    await assert.rejects(stopped, InterruptedError);
    await downloadCifar10(folder, { archive });
    assert.deepEqual(ranges, [undefined, "bytes=2000-"]);
  });

  test("leaves an incomplete folder of the same name alone", async () => {
    await mkdir(path.join(folder, "cifar-10-batches-bin"), { recursive: true });
    await assert.rejects(downloadCifar10(folder, { archive }), complains(/not complete/, /Move it away/));
    assert.deepEqual(await readdir(path.join(folder, "cifar-10-batches-bin")), []);
  });

  test("says so when the folder cannot be written", async () => {
    await writeFile(folder, "a file");
    await assert.rejects(downloadCifar10(folder, { archive }), complains(/cannot be stored/, /folder/));
  });
});
