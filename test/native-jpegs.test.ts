import assert from "node:assert/strict";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { Worker } from "node:worker_threads";
import sharp, { type JpegOptions } from "sharp";
import { createRandom } from "../src/core/random.ts";
import { examinePicture, readPicture } from "../src/datasets/read-picture.ts";
import { nativeJpegs, nativeSupport } from "../src/engine/backends/native/index.ts";

const support = nativeSupport();
const skip = support.available ? false : `${support.reason}: npm run build:native`;

/** Patches with hard edges and a grain over them: what shows every shift and every rounding. */
function drawn(width: number, height: number, seed = 0) {
  const random = createRandom(seed, `${width}x${height}`);
  const pixels = new Uint8Array(3 * width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const patch = (x >> 3) * 7 + (y >> 3) * 13;
      for (let channel = 0; channel < 3; channel++) {
        pixels[i++] = Math.min(255, ((patch * (channel + 2) * 37) & 0xdf) + random.integer(32));
      }
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

describe("JPEG files read by the native engine", { skip }, () => {
  const jpegs = nativeJpegs()!;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "foreloss-jpegs-"));
  });
  after(() => rm(folder, { recursive: true }));

  const file = async (name: string, bytes: Uint8Array) => {
    await writeFile(path.join(folder, name), bytes);
    return path.join(folder, name);
  };
  const size = { sidePx: 16, resize: "crop" } as const;
  const isDone = async (name: string) => (await jpegs.read([name], size)).done[0] === 1;
  const isPlain = async (name: string) => !Number.isNaN((await jpegs.look([name]))[0]!);

  /** Each file that was decoded has the pixels that `readPicture` gives; which were, is told. */
  async function decodedAlike(files: readonly string[], as: Parameters<typeof readPicture>[1]): Promise<boolean[]> {
    const { pixels, done } = await jpegs.read(files, as);
    const each = pixels.length / files.length;
    for (const [i, name] of files.entries()) {
      if (done[i] === 0) continue;
      const wanted = await readPicture(name, as);
      assert.equal(Buffer.compare(pixels.subarray(i * each, (i + 1) * each), wanted), 0, `${name} ${as.resize}`);
    }
    return [...done].map((one) => one === 1);
  }

  const kinds: Readonly<Record<string, JpegOptions>> = {
    ordinary: { quality: 90 },
    progressive: { quality: 75, progressive: true },
    "full-colour": { quality: 85, chromaSubsampling: "4:4:4" },
  };
  const extents = [
    ...[
      [32, 32],
      [33, 47],
      [64, 64],
      [65, 33],
      [96, 300],
    ],
    ...[
      [255, 257],
      [300, 300],
      [301, 263],
      [511, 384],
      [640, 480],
      [1000, 700],
    ],
  ] as const;
  for (const [kind, options] of Object.entries({ ...kinds, grey: kinds.ordinary! })) {
    test(`${kind} ones have the very pixels that sharp gives, whatever the size`, async () => {
      const files: string[] = [];
      for (const [width, height] of extents) {
        const picture = kind === "grey" ? drawn(width!, height!).toColourspace("b-w") : drawn(width!, height!);
        files.push(await file(`${kind}-${width}x${height}.jpg`, await picture.jpeg(options).toBuffer()));
      }
      for (const resize of ["crop", "fit"] as const) {
        assert.ok((await decodedAlike(files, { sidePx: 32, resize })).every((done) => done));
        const large = await decodedAlike(files, { sidePx: 224, resize });
        assert.deepEqual(large.slice(-6), Array(6).fill(true));
      }
    });
  }

  test("any size becomes any smaller square with the very pixels that sharp gives", async () => {
    const random = createRandom(0, "sizes");
    const drawnSizes = Array.from({ length: 60 }, () => [
      8 + random.integer(500),
      8 + random.integer(400),
      8 + random.integer(120),
    ]);
    const rounded = [
      [320, 42, 52],
      [37, 319, 13],
      [669, 230, 22],
    ]; // where a size is rounded from a half, or is small
    let decoded = 0;
    for (const [width, height, sidePx] of [...rounded, ...drawnSizes]) {
      const name = await file(`any-${width}x${height}.jpg`, await drawn(width!, height!).jpeg().toBuffer());
      for (const resize of ["crop", "fit"] as const) {
        const [done] = await decodedAlike([name], { sidePx: sidePx!, resize });
        if (done) decoded++;
      }
    }
    assert.ok(decoded > 80, `${decoded}`);
  });

  test("one that is upright by its Exif data, or has a comment of its camera, is an ordinary one", async () => {
    const bytes = await drawn(60, 40)
      .withExif({ IFD0: { Orientation: "1", Make: "Box" }, IFD2: { UserComment: "upright" } })
      .jpeg()
      .toBuffer();
    const upright = await file("upright.jpg", bytes);
    assert.deepEqual([await isPlain(upright), ...(await decodedAlike([upright], size))], [true, true]);
  });

  test("what is out of the ordinary is left to sharp: turned, CMYK, with a profile, to be enlarged or warped, long and thin", async () => {
    const left = [
      await file("turned.jpg", await drawn(60, 40).withMetadata({ orientation: 6 }).jpeg().toBuffer()),
      await file("cmyk.jpg", await drawn(60, 40).toColourspace("cmyk").jpeg().toBuffer()),
      await file("profile.jpg", await drawn(60, 40).withIccProfile("p3").jpeg().toBuffer()),
      await file("small.jpg", await drawn(15, 40).jpeg().toBuffer()),
      await file("really-a-png.jpg", await drawn(60, 40).png().toBuffer()),
    ];
    for (const name of left) assert.equal(await isDone(name), false, name);
    const thin = await file("thin.jpg", await drawn(640, 4).jpeg().toBuffer());
    assert.deepEqual([...(await jpegs.read([thin], { sidePx: 16, resize: "fit" })).done], [0]);
    const wide = await file("wide.jpg", await drawn(60, 40).jpeg().toBuffer());
    assert.deepEqual([...(await jpegs.read([wide], { sidePx: 16, resize: "warp" })).done], [0]);
  });

  test("a file that is not there, is empty, is a folder or claims more pixels than any camera has is left", async () => {
    const whole = await drawn(60, 40).jpeg().toBuffer();
    const claim = Buffer.from(whole);
    const frame = claim.indexOf(Buffer.from([0xff, 0xc0]));
    claim.writeUInt16BE(60_000, frame + 5);
    claim.writeUInt16BE(60_000, frame + 7);
    const gone = path.join(folder, "gone.jpg");
    const files = [gone, await file("empty.jpg", Buffer.alloc(0)), folder, await file("claim.jpg", claim)];
    assert.deepEqual([...(await jpegs.read(files, size)).done], [0, 0, 0, 0]);
    assert.ok((await jpegs.look(files)).every(Number.isNaN));
    assert.deepEqual([...(await jpegs.read([], size)).done], []);
  });

  test("a file cut off anywhere is neither plain nor decoded", async () => {
    const whole = await drawn(40, 40).jpeg({ quality: 70 }).toBuffer();
    const lengths = Array.from({ length: 60 }, (_, i) => Math.floor((i * whole.length) / 60));
    const cuts = await Promise.all(lengths.map((length) => file(`cut-${length}.jpg`, whole.subarray(0, length))));
    assert.ok((await jpegs.read(cuts, size)).done.every((done) => done === 0));
    assert.ok((await jpegs.look(cuts)).every(Number.isNaN));
  });

  test("a file with bytes changed at random is left, or read just as sharp reads it", async () => {
    const random = createRandom(0, "damage");
    const wholes = [await drawn(80, 60).jpeg().toBuffer(), await drawn(80, 60).jpeg({ progressive: true }).toBuffer()];
    const damaged: string[] = [];
    for (let i = 0; i < 300; i++) {
      const bytes = Buffer.from(wholes[i % 2]!);
      for (let n = 0; n < 1 + (i % 3); n++) bytes[random.integer(bytes.length)] = random.integer(256);
      damaged.push(await file(`damaged-${i}.jpg`, bytes));
    }
    const done = await decodedAlike(damaged, size);
    assert.ok(done.some((one) => one) && done.some((one) => !one));
    for (const name of damaged) if (await isPlain(name)) assert.ok("size" in (await examinePicture(name)), name);
  });

  test("looking gives what `stat` says of the file, to the last digit", async () => {
    const name = await file("looked-at.jpg", await drawn(60, 40).jpeg().toBuffer());
    const { size: bytes, mtimeMs } = await stat(name);
    assert.deepEqual([...(await jpegs.look([name]))], [bytes, mtimeMs]);
  });

  test("a thread that is ended in the middle of reading takes nothing down with it", async () => {
    const name = await file("many.jpg", await drawn(640, 480).jpeg().toBuffer());
    const worker = new Worker(new URL("./reading-thread.ts", import.meta.url), { workerData: name });
    await new Promise((resolve) => worker.once("message", resolve));
    await worker.terminate();
    assert.equal(await isDone(name), true);
  });
});
