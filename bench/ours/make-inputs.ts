// Writes what all contenders of a row read: start weights with torchvision's names, `pictures` (bytes) and `labels`.
import { writeFile } from "node:fs/promises";
import { createRandom } from "../../src/core/random.ts";
import { encodeSafetensors } from "../../src/nn/safetensors.ts";
import { readOptions } from "./options.ts";
import { classes, sidePx, startWeights } from "./workload.ts";

const { out, width, batch } = readOptions(["out"], ["width", "batch"]);
const random = createRandom(1, "bench");
const draw = (count: number, limit: number) => Float32Array.from({ length: count }, () => random.integer(limit));
const pictures = { shape: [batch, 3, sidePx, sidePx], values: draw(batch * 3 * sidePx ** 2, 256) };
const labels = { shape: [batch], values: draw(batch, classes) };
await writeFile(out, encodeSafetensors(new Map([...startWeights(width), ["pictures", pictures], ["labels", labels]])));
