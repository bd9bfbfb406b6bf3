// Rows for one net: a training step and the scoring of a batch, each on the native engine and on the ONNX Runtime.
import { pytorch } from "./peers.ts";
import type { Row } from "./row.ts";

export interface NetRows {
  /** As ours/nets.ts has it; rows are named after it. */
  readonly net: string;
  /** In words. */
  readonly model: string;
  readonly batch: number;
  /** By how much results may differ, as a share of the largest number. */
  readonly tolerances?: { readonly bfloat16: number; readonly float32: number };
}

const works = {
  train: {
    script: "train-step.ts",
    peer: "train_step.py",
    words: "training step",
    forms: ["autocast", "autocast-compiled"],
  },
  score: { script: "score.ts", peer: "score.py", words: "scoring", forms: ["bfloat16", "bfloat16-compiled"] },
} as const;

const usual = { bfloat16: 0.05, float32: 1e-3 };

const float32 = ["plain", "channels-last"] as const;

/** `ssd300-train-8`, `ssd300-score-8`, and both with `-onnx`. */
export function netRows(of: NetRows): Row[] {
  return (["train", "score"] as const).flatMap((work) => [nativeRow(of, work), onnxRow(of, work)]);
}

function nativeRow(of: NetRows, work: keyof typeof works): Row {
  const { peer, forms } = works[work];
  const peers = [...float32, ...forms].map((form) => pytorch(peer, form));
  return {
    ...common(of, work, { suffix: "", words: "", engine: "auto", precision: "auto" }),
    tolerance: (of.tolerances ?? usual).bfloat16,
    targets: [{ against: "PyTorch's best", peers, leastSpeed: 1.2, mostMemory: 1.5 }],
  };
}

function onnxRow(of: NetRows, work: keyof typeof works): Row {
  const peers = float32.map((form) => pytorch(works[work].peer, form));
  return {
    ...common(of, work, { suffix: "-onnx", words: ", ONNX Runtime", engine: "onnx", precision: "float32" }),
    tolerance: (of.tolerances ?? usual).float32,
    targets: [{ against: "PyTorch in float32", peers, leastSpeed: 0.6, mostMemory: 1.5 }],
  };
}

interface Way {
  readonly suffix: string;
  readonly words: string;
  readonly engine: string;
  readonly precision: string;
}

function common({ net, model, batch }: NetRows, work: keyof typeof works, { suffix, words, engine, precision }: Way) {
  const { script, words: done } = works[work];
  return {
    name: `${net}-${work}-${batch}${suffix}`,
    work: `${done}, ${model} with the module, batch ${batch}${words}`,
    inputs: { script: "ours/make-inputs.ts", options: ["--net", net, "--batch", String(batch)] },
    picturesPerCall: batch,
    environment: {},
    ours: { name: "Foreloss", script: `ours/${script}`, options: ["--engine", engine, "--precision", precision] },
  };
}
