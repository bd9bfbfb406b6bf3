// Our contender for boxes out of the outputs of SSD300: the boxes of the batch in sums, then the batch over and over by the clock until
// so many pictures are done.
import { readSafetensors } from "../../src/nn/safetensors.ts";
import { decodeDetections } from "../../src/tasks/detection/decode.ts";
import { readOptions } from "./options.ts";
import { printReport, timeCalls } from "./report.ts";

const options = readOptions(["inputs"], ["threads", "seconds", "pictures"]);
const { tensors } = await readSafetensors(options.inputs);
const [classLogits, offsets, priors] = ["classLogits", "offsets", "priors"].map((name) => tensors.get(name)!.values);
const [count, , columns] = tensors.get("classLogits")!.shape as [number, number, number];
const outputs = { count, columns, classLogits: classLogits!, offsets: offsets! };
const decode = () => decodeDetections(outputs, priors!);
const found = decode();
const sum = (values: Iterable<number>) => Array.from(values).reduce((total, value) => total + value, 0);
/** By sums: boxes of nearly the same score may come in another order. */
const result = {
  kept: found.map(({ scores }) => scores.length),
  boxes: found.map(({ boxes }) => sum(boxes)),
  classes: found.map(({ classes }) => sum(classes)),
  scores: found.map(({ scores }) => sum(scores)),
};
const many = async () => {
  for (let done = 0; done < options.pictures; done += count) decode();
};
printReport({ result, seconds: await timeCalls(many, options.seconds, 1), engine: `Node ${process.version}` });
