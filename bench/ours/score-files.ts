// Our contender for scoring files, in the worker that `foreloss score` starts: the scores of the sample, then the whole
// folder by the clock.
import { join } from "node:path";
import { openWorker } from "../../src/training/learner.ts";
import type { Scores } from "../../src/training/scorer.ts";
import { contenderOptions, openBackend } from "./options.ts";
import { printReport, timeCalls } from "./report.ts";

const { inputs, engine, seconds } = contenderOptions();
const { name, version } = await openBackend(engine);
const checkpoint = join(inputs, "model.safetensors");
const worker = await openWorker({ kind: "scorer", spec: { checkpoint, engine } });
const score = async (folder: string) => {
  await worker.call("open", [join(inputs, folder)]);
  return await worker.call<Scores>("score", []);
};
const { entropy, predictedLoss } = await score("sample");
const result = { entropy: [...entropy], predictedLoss: [...predictedLoss!] };
const taken = await timeCalls(() => score("pictures"), seconds, 1);
await worker.close();
printReport({ result, seconds: taken, engine: `${name} ${version}` });
