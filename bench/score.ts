// Scoring a pool: logits and predicted losses of one batch, ResNet-18 for 32x32 pictures with its loss prediction module.
import type { Contender, Row } from "./row.ts";

const batch = 128;
const peer = (layout: string): Contender => ({
  name: `PyTorch, ${layout}`,
  script: "peers/score.py",
  options: ["--layout", layout],
});

export const rows: readonly Row[] = [64, 16].map((width) => ({
  name: `score-${width}`,
  work: `scoring, ResNet-18 of width ${width} with the module, 32x32, batch ${batch}, float32`,
  inputs: ["--width", String(width), "--batch", String(batch)],
  picturesPerCall: batch,
  ours: { name: "Foreloss", script: "ours/score.ts", options: [] },
  peers: [peer("contiguous"), peer("channels-last")],
  target: { leastSpeed: 1, mostMemory: 1.5 },
}));
