import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import sharp, { type Sharp } from "sharp";
import { ForelossError } from "../core/errors.ts";
import { examinePicture, pictureThumbnail, readPicture } from "./read-picture.ts";
import { pngOfSize } from "./testing/png-of-size.ts";

type Colour = { r: number; g: number; b: number };
const red = { r: 220, g: 30, b: 20 };
const blue = { r: 10, g: 40, b: 200 };

const plain = (width: number, height: number, colour: Colour) =>
  sharp({ create: { width, height, channels: 3, background: colour } });

/** Left half red, right half blue. */
async function twoHalves(width: number, height: number): Promise<Sharp> {
  const right = await plain(width / 2, height, blue)
    .png()
    .toBuffer();
  return plain(width, height, red).composite([{ input: right, left: width / 2, top: 0 }]);
}

const noisySize = { width: 200, height: 150 };
/** Photographs compress badly: noise makes files long enough to be cut. */
const noisy = () =>
  sharp({
    create: {
      ...noisySize,
      channels: 3,
      background: red,
      noise: { type: "gaussian", mean: 128, sigma: 40 },
    },
  });

async function faultOf(name: string): Promise<string> {
  const examined = await examinePicture(name);
  return "fault" in examined ? examined.fault : "";
}

describe("readPicture", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "foreloss-pictures-"));
  });
  after(() => rm(folder, { recursive: true }));

  const file = async (name: string, bytes: Uint8Array) => {
    await writeFile(path.join(folder, name), bytes);
    return path.join(folder, name);
  };
  const at = (picture: Uint8Array, side: number, x: number, y: number) =>
    [0, 1, 2].map((c) => picture[c * side * side + y * side + x]!);
  const near = (found: number[], colour: Colour, tolerance = 6) => {
    for (const [i, wanted] of [colour.r, colour.g, colour.b].entries()) {
      assert.ok(Math.abs(found[i]! - wanted) <= tolerance, `${found} instead of ${JSON.stringify(colour)}`);
    }
  };
  const white = { r: 255, g: 255, b: 255 };
  const black = { r: 0, g: 0, b: 0 };

  for (const format of ["jpeg", "png", "webp"] as const) {
    test(`reads ${format} as planes of red, green and blue`, async () => {
      const picture = await readPicture(
        await file(`halves.${format}`, await (await twoHalves(80, 60)).toFormat(format).toBuffer()),
        { sidePx: 16, resize: "crop" },
      );
      assert.equal(picture.length, 3 * 16 * 16);
      near(at(picture, 16, 2, 8), red);
      near(at(picture, 16, 13, 8), blue);
    });
  }

  test("pads with black to fit and cuts to crop, both keeping the aspect", async () => {
    const wide = await file("wide.png", await (await twoHalves(120, 30)).png().toBuffer());
    const fit = await readPicture(wide, { sidePx: 16, resize: "fit" });
    near(at(fit, 16, 8, 1), black);
    near(at(fit, 16, 8, 14), black);
    near(at(fit, 16, 1, 8), red);
    near(at(fit, 16, 14, 8), blue);
    const crop = await readPicture(wide, { sidePx: 16, resize: "crop" });
    near(at(crop, 16, 1, 0), red);
    near(at(crop, 16, 14, 15), blue);
  });

  test("turns a picture as its EXIF orientation says", async () => {
    const halves = (await twoHalves(60, 60)).withMetadata({ orientation: 6 }); // 90 degrees clockwise: left becomes top
    const picture = await readPicture(await file("turned.jpg", await halves.jpeg().toBuffer()), {
      sidePx: 16,
      resize: "crop",
    });
    near(at(picture, 16, 8, 2), red);
    near(at(picture, 16, 8, 13), blue);
    const thumbnail = await pictureThumbnail(path.join(folder, "turned.jpg"), 32);
    const { data, info } = await sharp(thumbnail.bytes).raw().toBuffer({ resolveWithObject: true });
    assert.equal(thumbnail.mime, "image/jpeg");
    assert.deepEqual([info.width, info.height], [32, 32]);
    near([...data.subarray(3 * 16, 3 * 17)], red, 12);
  });

  test("brings grey, CMYK, 16-bit, palette and transparent pictures to 3 x 8 bit", async () => {
    const grey = { r: 128, g: 128, b: 128 };
    const deep = new Uint16Array(30 * 20 * 3).fill(128 * 257);
    const clear = { create: { width: 30, height: 20, channels: 4, background: { ...red, alpha: 0 } } } as const;
    const cases: [string, Buffer, Colour][] = [
      ["grey.png", await plain(30, 20, grey).toColourspace("b-w").png().toBuffer(), grey],
      ["grey.jpg", await plain(30, 20, grey).toColourspace("b-w").jpeg().toBuffer(), grey],
      [
        "deep.png",
        await sharp(deep, { raw: { width: 30, height: 20, channels: 3 } })
          .toColourspace("rgb16")
          .png()
          .toBuffer(),
        grey,
      ],
      ["palette.png", await plain(30, 20, red).png({ palette: true }).toBuffer(), red],
      ["cmyk.jpg", await plain(30, 20, grey).toColourspace("cmyk").jpeg().toBuffer(), grey],
      ["clear.png", await sharp(clear).png().toBuffer(), white],
      ["clear.webp", await sharp(clear).webp({ lossless: true }).toBuffer(), white],
    ];
    assert.equal((await sharp(cases[2]![1]).metadata()).depth, "ushort");
    assert.equal((await sharp(cases[4]![1]).metadata()).space, "cmyk");
    for (const [name, bytes, colour] of cases) {
      const picture = await readPicture(await file(name, bytes), { sidePx: 8, resize: "crop" });
      assert.equal(picture.length, 3 * 64, name);
      near(at(picture, 8, 4, 4), colour, 16);
    }
  });

  test("names the file that cannot be decoded", async () => {
    const bytes = await noisy().jpeg().toBuffer();
    const cut = await file("cut-read.jpg", bytes.subarray(0, bytes.length / 2));
    for (const name of [cut, path.join(folder, "gone.jpg")]) {
      await assert.rejects(readPicture(name, { sidePx: 8, resize: "fit" }), (error: unknown) => {
        return error instanceof ForelossError && error.message.startsWith(`${name}: `);
      });
      await assert.rejects(pictureThumbnail(name, 8), ForelossError);
    }
  });

  test("never decodes a picture that claims a billion pixels", async () => {
    const huge = await file("huge.png", pngOfSize(40_000, 25_000));
    assert.match(await faultOf(huge), /40000 x 25000 pixels, more than 200000000/);
    await assert.rejects(readPicture(huge, { sidePx: 8, resize: "fit" }), /huge\.png.*pixel limit/);
  });

  for (const format of ["jpeg", "png", "webp"] as const) {
    test(`tells a cut-off ${format} file from a whole one and from one with something appended`, async () => {
      const whole = await noisy().toFormat(format).toBuffer();
      assert.deepEqual(await examinePicture(await file(`whole.${format}`, whole)), { size: noisySize });
      const appended = Buffer.concat([whole, Buffer.from("a film of three seconds")]);
      assert.deepEqual(await examinePicture(await file(`appended.${format}`, appended)), { size: noisySize });
      const cut = await file(`cut.${format}`, whole.subarray(0, Math.floor(whole.length * 0.7)));
      assert.match(await faultOf(cut), /not (decodable|readable)/);
    });
  }

  test("says why an empty file, a text and a picture of another format are no use", async () => {
    assert.match(await faultOf(await file("empty.jpg", Buffer.alloc(0))), /not readable/);
    assert.match(await faultOf(await file("text.png", Buffer.from("hello"))), /not readable/);
    const gif = await plain(9, 9, red).gif().toBuffer();
    assert.match(await faultOf(await file("really-a-gif.jpg", gif)), /holds gif/);
    const drawing = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`);
    assert.match(await faultOf(await file("really-a-drawing.png", drawing)), /holds svg/);
  });

  test("sees a file that was replaced", async () => {
    const name = await file("replaced.png", await plain(20, 20, red).png().toBuffer());
    near(at(await readPicture(name, { sidePx: 8, resize: "fit" }), 8, 4, 4), red);
    await writeFile(name, await plain(20, 20, blue).png().toBuffer());
    near(at(await readPicture(name, { sidePx: 8, resize: "fit" }), 8, 4, 4), blue);
  });
});
