// Writes what all contenders of a row read: start weights with torchvision's names, `pictures` (bytes) and `labels`.
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { createRandom } from "../../src/core/random.ts";
import { momentumPrefix } from "../../src/nn/optimiser.ts";
import { encodeSafetensors } from "../../src/nn/safetensors.ts";
import { startValues } from "../../src/training/net.ts";
import { trainProgram } from "../../src/training/programs.ts";
import { benchTask, benchTraining, classes, sidePx } from "./workload.ts";

const { values } = parseArgs({
  options: { width: { type: "string" }, batch: { type: "string" }, out: { type: "string" } },
});
const batch = Number(values.batch);
const training = benchTraining(batch);
const { entries } = trainProgram({
  task: benchTask(Number(values.width)),
  picture: { channels: 3, height: sidePx, width: sidePx },
  training,
  lossPrediction: training.lossPrediction,
});
const weights = [...startValues(entries, createRandom(0, "bench"))].filter(
  ([name]) => !name.startsWith(momentumPrefix),
);
const random = createRandom(1, "bench");
const draw = (count: number, limit: number) => Float32Array.from({ length: count }, () => random.integer(limit));
const pictures = { shape: [batch, 3, sidePx, sidePx], values: draw(batch * 3 * sidePx ** 2, 256) };
const labels = { shape: [batch], values: draw(batch, classes) };
await writeFile(values.out!, encodeSafetensors(new Map([...weights, ["pictures", pictures], ["labels", labels]])));
