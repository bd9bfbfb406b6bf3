// Object detection: training steps and scoring of single-shot detectors, and what becomes boxes of their outputs.
import { netRows } from "./net-rows.ts";
import type { Contender, Row } from "./row.ts";

const pictures = 1000;
const classCounts = [20, 80, 200];
const peer = (name: string, by: string): Contender => ({
  name,
  script: "peers/ssd_decode.py",
  options: ["--by", by, "--pictures", String(pictures)],
  mayFail: true,
});

/** Side by side they show how the time grows with the classes: reading the logits does, the suppression should not. */
const decoding = classCounts.map(
  (classes): Row => ({
    name: `ssd-decode-${pictures}-${classes}`,
    work: `boxes out of the outputs of SSD300 for ${pictures} pictures, ${classes} classes`,
    inputs: { script: "ours/make-decode-inputs.ts", options: ["--classes", String(classes)] },
    picturesPerCall: pictures,
    environment: {},
    tolerance: 1e-3,
    ours: { name: "Foreloss", script: "ours/ssd-decode.ts", options: ["--pictures", String(pictures)] },
    targets: [
      {
        against: "PyTorch",
        peers: [peer("PyTorch alone", "torch"), peer("PyTorch with torchvision", "torchvision")],
        leastSpeed: 1.2,
        mostMemory: 1.5,
      },
    ],
  }),
);

export const rows: readonly Row[] = [
  ...netRows({ net: "ssd300", model: "SSD300 on VGG-16", batch: 8 }),
  ...netRows({ net: "ssd-small", model: "small SSD on ResNet-18 of width 16, 128x128", batch: 32 }),
  ...decoding,
];
