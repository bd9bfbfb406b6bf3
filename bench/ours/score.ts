// Our contender for scoring: outputs and predicted losses of the batch, then timed calls.
import { printReport, sampled, timeCalls } from "./report.ts";
import { openWorkload } from "./workload.ts";

const { net, feeds, seconds, engine } = await openWorkload();
const inference = await net.inference();
const score = () => inference.run({ pictures: feeds.pictures! });
const { embedding: _, ...told } = await score();
const result = Object.fromEntries(Object.entries(told).map(([name, { values }]) => [name, sampled(values)]));
printReport({ result, seconds: await timeCalls(score, seconds), engine });
