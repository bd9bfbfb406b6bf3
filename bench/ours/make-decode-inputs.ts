// Writes outputs of SSD300 as a net under way gives them: background nearly everywhere, and a few objects in every picture
// that the priors around them point at.
import { writeFile } from "node:fs/promises";
import { overlapOf } from "../../src/core/boxes.ts";
import { createRandom, type Random } from "../../src/core/random.ts";
import { encodeSafetensors } from "../../src/nn/safetensors.ts";
import { decodeBox, encodeBox } from "../../src/tasks/detection/offsets.ts";
import { createPriors, ssd300Maps, ssd300SidePx } from "../../src/tasks/detection/priors.ts";
import { readOptions } from "./options.ts";

/** Decoded over and over: the outputs of a thousand pictures would not fit in memory. */
const pictures = 8;
const objectsPerPicture = 5;
const leastOverlap = 0.4;

const { out, classes } = readOptions(["out"], ["classes"]);
const priors = createPriors(ssd300SidePx, ssd300Maps);
const count = priors.length / 4;
const columns = classes + 1;
const random = createRandom(0, "decode");
const classLogits = Float32Array.from({ length: pictures * count * columns }, (_, i) =>
  i % columns === 0 ? 9 + random.normal() : random.normal(),
);
const offsets = Float32Array.from({ length: pictures * count * 4 }, () => 0.3 * random.normal());
const corners = new Float64Array(priors.length);
for (let p = 0; p < count; p++) decodeBox(new Float32Array(priors.length), priors, p, corners, p);

/** Priors that lie on a box see its class, the more the better they lie, and point at it with a little error. */
function draw(box: Float64Array, classIndex: number, picture: number, noise: Random): void {
  const told = new Float32Array(priors.length);
  for (let p = 0; p < count; p++) {
    const overlap = overlapOf(corners, p, box, 0);
    if (overlap < leastOverlap) continue;
    const row = picture * count + p;
    classLogits[row * columns + 1 + classIndex]! += 4 + 10 * overlap;
    encodeBox(box, 0, priors, p, told);
    for (let i = 0; i < 4; i++) offsets[4 * row + i] = told[4 * p + i]! + 0.3 * noise.normal();
  }
}

for (let picture = 0; picture < pictures; picture++) {
  for (let object = 0; object < objectsPerPicture; object++) {
    const [width, height] = [0, 0].map(() => 0.1 + 0.5 * random.next()) as [number, number];
    const [left, top] = [(1 - width) * random.next(), (1 - height) * random.next()];
    draw(Float64Array.of(left, top, left + width, top + height), random.integer(classes), picture, random);
  }
}
const tensors = new Map([
  ["classLogits", { shape: [pictures, count, columns], values: classLogits }],
  ["offsets", { shape: [pictures, count, 4], values: offsets }],
  ["priors", { shape: [count, 4], values: priors }],
]);
await writeFile(out, encodeSafetensors(tensors));
