// One training step: forward, backward, SGD with momentum, of ResNet-18 for 32x32 pictures with its loss prediction module.
import { pytorch } from "./peers.ts";
import type { Contender, Row } from "./row.ts";

const batch = 128;
const peer = (form: Parameters<typeof pytorch>[1]) => pytorch("train_step.py", form);
const ours = (engine: string, precision: string): Contender => ({
  name: "Foreloss",
  script: "ours/train-step.ts",
  options: ["--engine", engine, "--precision", precision],
});

/** What all rows have in common; `words` are added to the description of the work. */
function common(width: number, words: string) {
  return {
    work: `training step, ResNet-18 of width ${width} with the module, 32x32, batch ${batch}${words}`,
    inputs: { script: "ours/make-inputs.ts", options: ["--net", `resnet18-${width}`, "--batch", String(batch)] },
    picturesPerCall: batch,
    environment: {},
  };
}

const plain = peer("plain");
const channelsLast = peer("channels-last");
const bfloat16 = [peer("autocast"), peer("autocast-compiled")];

/** Keeps everybody to the instructions of a CPU without AVX-512 and AMX: oneDNN, PyTorch's own kernels, MKL. */
const avx2 = { ONEDNN_MAX_CPU_ISA: "AVX2", ATEN_CPU_CAPABILITY: "avx2", MKL_ENABLE_INSTRUCTIONS: "AVX2" };

const onnxRow = (width: number): Row => ({
  name: `train-step-${width}-onnx`,
  ...common(width, ", ONNX Runtime"),
  tolerance: 1e-3,
  ours: ours("onnx", "float32"),
  targets: [{ against: "PyTorch in float32", peers: [plain, channelsLast], leastSpeed: 0.6, mostMemory: 1.5 }],
});

export const rows: readonly Row[] = [
  {
    name: "train-step-64",
    ...common(64, ""),
    tolerance: 0.02,
    ours: ours("auto", "auto"),
    targets: [
      { against: "PyTorch as most people write it", peers: [plain], leastSpeed: 4, mostMemory: 1.5 },
      { against: "PyTorch in bfloat16", peers: bfloat16, leastSpeed: 1.3, mostMemory: 1.5 },
    ],
  },
  {
    name: "train-step-16",
    ...common(16, ""),
    tolerance: 0.02,
    ours: ours("auto", "auto"),
    targets: [{ against: "PyTorch's best", peers: [plain, ...bfloat16], leastSpeed: 1.3, mostMemory: 1.5 }],
  },
  {
    name: "train-step-64-avx2",
    ...common(64, ", AVX2 at most"),
    environment: avx2,
    tolerance: 1e-3,
    ours: ours("auto", "float32"),
    targets: [{ against: "PyTorch in float32", peers: [plain, channelsLast], leastSpeed: 1, mostMemory: 1.5 }],
  },
  onnxRow(64),
  onnxRow(16),
];
