// Our contender for scoring: logits and predicted losses of the batch, then timed calls.
import { printReport, timeCalls } from "./report.ts";
import { openWorkload } from "./workload.ts";

const { net, feeds, seconds, engine } = await openWorkload();
const inference = await net.inference();
const score = () => inference.run({ pictures: feeds.pictures! });
const { logits, predictedLoss } = await score();
const result = { logits: [...logits!.values], predictedLoss: [...predictedLoss!.values] };
printReport({ result, seconds: await timeCalls(score, seconds), engine });
