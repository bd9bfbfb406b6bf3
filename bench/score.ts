// Scoring a pool: logits and predicted losses of one batch, ResNet-18 for 32x32 pictures with its loss prediction module.
import { pytorch } from "./peers.ts";
import type { Row } from "./row.ts";

const batch = 128;
const float32 = [pytorch("score.py", "plain"), pytorch("score.py", "channels-last")];
const bfloat16 = (["autocast", "bfloat16", "bfloat16-compiled", "bfloat16-traced"] as const).map((form) =>
  pytorch("score.py", form),
);

function common(width: number, words: string, engine: string, precision: string) {
  return {
    work: `scoring, ResNet-18 of width ${width} with the module, 32x32, batch ${batch}${words}`,
    inputs: { script: "ours/make-inputs.ts", options: ["--net", `resnet18-${width}`, "--batch", String(batch)] },
    picturesPerCall: batch,
    environment: {},
    ours: { name: "Foreloss", script: "ours/score.ts", options: ["--engine", engine, "--precision", precision] },
  };
}

const widths = [64, 16];

export const rows: readonly Row[] = [
  ...widths.map((width) => ({
    name: `score-${width}`,
    ...common(width, "", "auto", "auto"),
    tolerance: 0.05,
    targets: [{ against: "PyTorch in bfloat16", peers: bfloat16, leastSpeed: 1.3, mostMemory: 1.5 }],
  })),
  ...widths.map((width) => ({
    name: `score-${width}-onnx`,
    ...common(width, ", ONNX Runtime", "onnx", "float32"),
    tolerance: 1e-3,
    targets: [{ against: "PyTorch in float32", peers: float32, leastSpeed: 1, mostMemory: 1.5 }],
  })),
];
