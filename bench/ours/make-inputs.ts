// Writes what all contenders of a row read: start weights (of ResNet with torchvision's names), `pictures` (bytes), the
// targets as the task encodes them, and the net's name.
import { writeFile } from "node:fs/promises";
import { encodeSafetensors } from "../../src/nn/safetensors.ts";
import { benchNet } from "./nets.ts";
import { readOptions } from "./options.ts";
import { madeUpBatch, netName, startWeights } from "./workload.ts";

const { out, net, batch } = readOptions(["out", "net"], ["batch"]);
const made = benchNet(net);
const tensors = new Map([...startWeights(made), ...madeUpBatch(made, batch)]);
await writeFile(out, encodeSafetensors(tensors, { [netName]: net }));
