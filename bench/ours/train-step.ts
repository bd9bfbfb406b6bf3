// Our contender for training steps: the losses before each of the first three steps, then timed steps.
import { printReport, timeCalls } from "./report.ts";
import { firstLosses, openWorkload } from "./workload.ts";

const { net, feeds, seconds, engine } = await openWorkload();
const result = await firstLosses(net, feeds);
printReport({ result, seconds: await timeCalls(() => net.step(feeds), seconds), engine });
