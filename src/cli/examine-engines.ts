// What `foreloss doctor` finds out about the engines: which are here, how fast they train, and what another would bring.
import { type NativeSupport, nativeSupport } from "../engine/backends/native/index.ts";
import { type EngineSpec, nativeBuildCommand, openEngine, type Precision } from "../training/engines.ts";
import type { TrainingSpeed } from "../training/measure.ts";
import { type PartReport, reasonOf } from "./part-report.ts";

export interface EngineReport extends PartReport {
  /** Null when it cannot run, or was not measured. */
  readonly speed: TrainingSpeed | null;
}

/** Fastest first; the native engine once in each precision it has. Without `canMeasure` none is measured. */
export async function examineEngines(threads: number, canMeasure: boolean): Promise<EngineReport[]> {
  const reports: EngineReport[] = [];
  for (const precision of nativePrecisions(nativeSupport())) {
    reports.push(await examine({ name: "native", threads, precision }, canMeasure, nativeBuildCommand()));
  }
  reports.push(
    await examine(
      { name: "onnx", threads, precision: "auto" },
      canMeasure,
      "npm install --ignore-scripts onnxruntime-node",
    ),
    // Not measured: it is there to be right, and one step takes it minutes.
    await examine({ name: "reference", threads: 1, precision: "auto" }, false, ""),
  );
  return reports;
}

function nativePrecisions(support: NativeSupport): Precision[] {
  if (!support.available) return [];
  return support.bfloat16 ? ["bfloat16", "float32"] : ["float32"];
}

async function examine(spec: EngineSpec, canMeasure: boolean, remedy: string): Promise<EngineReport> {
  try {
    const { name, version } = await openEngine(spec.name, spec);
    return { name, version, speed: canMeasure ? await measure(spec) : null, problem: null, remedy: null };
  } catch (error) {
    return { name: spec.name, version: null, speed: null, problem: reasonOf(error), remedy };
  }
}

/** In a thread of its own, as training is. That thread also needs what reads pictures. */
async function measure(engine: EngineSpec): Promise<TrainingSpeed> {
  const { openWorker } = await import("../training/learner.ts");
  const worker = await openWorker({ kind: "measurement", engine });
  try {
    return await worker.call<TrainingSpeed>("measure", []);
  } finally {
    await worker.close();
  }
}

/** Something that would make Foreloss faster here and is not needed. */
export interface Advice {
  readonly name: string;
  /** Why it is not there. */
  readonly reason: string;
  readonly gain: string;
  /** A command to type. */
  readonly remedy: string;
}

/** What the native engine would bring; null where it is there. `bfloat16`: whether the processor multiplies such numbers. */
export function nativeAdvice(support: NativeSupport, bfloat16: boolean): Advice | null {
  if (support.available) return null;
  const gain = bfloat16
    ? "training and scoring would be several times as fast, since this processor multiplies bfloat16 numbers itself, and so would be reading JPEG files"
    : "training, scoring and reading JPEG files would be faster";
  return { name: "engine native", reason: support.reason, gain, remedy: nativeBuildCommand() };
}
