// Scoring JPEG files from disk, as `foreloss score` does it: found, decoded, brought to 32x32, through ResNet-18.
import { pytorch } from "./peers.ts";
import type { Row } from "./row.ts";

const files = 10_000;
const width = 64;
const ours = { name: "Foreloss", script: "ours/score-files.ts", options: ["--engine", "auto", "--precision", "auto"] };
/** Without workers the files are decoded in between; on few cores that is faster than to take them from the model. */
const peers = [0, 2].flatMap((workers) =>
  (["bfloat16", "bfloat16-compiled"] as const).map((form) => {
    const contender = pytorch("score_files.py", form, ["--workers", String(workers)]);
    return { ...contender, name: `${contender.name}, ${workers} workers` };
  }),
);

export const rows: readonly Row[] = [32, 300].map((sidePx) => ({
  name: `score-files-${sidePx}`,
  work: `scoring ${files} JPEG files of ${sidePx}x${sidePx}, ResNet-18 of width ${width} with the module`,
  inputs: {
    script: "ours/make-files-inputs.ts",
    options: ["--width", String(width), "--side", String(sidePx), "--files", String(files)],
  },
  picturesPerCall: files,
  environment: {},
  tolerance: 0.1,
  ours,
  targets: [{ against: "PyTorch with its DataLoader and Pillow", peers, leastSpeed: 1.3, mostMemory: 1.5 }],
}));
