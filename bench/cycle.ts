// A whole cycle as the loop carries it out: train anew on 2,000 labels for 20 epochs with flips and crops, score 10,000
// pictures, choose the 1,000 with the highest predicted loss. Pictures lie in memory as bytes.
import { pytorch } from "./peers.ts";
import type { Row } from "./row.ts";

const sizes = { labelled: 2000, epochs: 20, pool: 10_000, choose: 1000, batch: 128 };
const optionsOf = (values: Partial<typeof sizes>) =>
  Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)]);
const options = optionsOf(sizes);
const made = optionsOf({ labelled: sizes.labelled, pool: sizes.pool });
const ours = {
  name: "Foreloss",
  script: "ours/cycle.ts",
  options: ["--engine", "auto", "--precision", "auto", ...options],
};
const peers = (["autocast", "autocast-compiled"] as const).map((form) => pytorch("cycle.py", form, options));

export const rows: readonly Row[] = [64, 16].map((width) => ({
  name: `cycle-${width}`,
  work: `train on 2,000 labels for 20 epochs, score 10,000, choose 1,000; ResNet-18 of width ${width} with the module, batch 128`,
  inputs: { script: "ours/make-cycle-inputs.ts", options: ["--net", `resnet18-${width}`, ...made] },
  picturesPerCall: sizes.labelled * sizes.epochs + sizes.pool,
  environment: {},
  tolerance: 0.1,
  ours,
  targets: [{ against: "PyTorch's best", peers, leastSpeed: 1.5, mostMemory: 1.5 }],
}));
