// Our contender for training steps: the losses before each of the first three steps, then timed steps.
import { openWorkload, printReport, timeCalls } from "./workload.ts";

const { net, feeds, seconds, engine } = await openWorkload();
const loss: number[] = [];
const moduleLoss: number[] = [];
for (let step = 0; step < 3; step++) {
  const outputs = await net.step(feeds);
  loss.push(outputs.loss!.values[0]!);
  moduleLoss.push(outputs.moduleLoss!.values[0]!);
}
printReport({ result: { loss, moduleLoss }, seconds: await timeCalls(() => net.step(feeds), seconds), engine });
