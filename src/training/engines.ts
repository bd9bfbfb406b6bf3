// The engines by name, as typed behind `--engine`. Each is loaded when it is asked for: where the ONNX Runtime cannot be
// loaded, what needs no engine still works, and the reason is told.
import { ForelossError, UsageError } from "../core/errors.ts";
import { didYouMean } from "../core/suggest.ts";
import type { Precision } from "../engine/backends/native/index.ts";
import type { Backend } from "../engine/index.ts";

export type { Precision };

/** An engine and how it is to work, as plain data. */
export interface EngineSpec {
  /** One of `engineNames`. */
  readonly name: string;
  readonly threads: number;
  readonly precision: Precision;
}

type Settings = Omit<EngineSpec, "name">;

const backends = {
  native: openNative,
  onnx: async ({ threads, precision }: Settings) => {
    refuseBfloat16("onnx", precision);
    await import("onnxruntime-node"); // by itself first: Node 20 dies of a package that fails deeper in the imports
    return (await import("../engine/backends/onnx/index.ts")).onnxBackend({ threads });
  },
  reference: async ({ precision }: Settings) => {
    refuseBfloat16("reference", precision);
    return (await import("../engine/backends/reference/index.ts")).referenceBackend();
  },
} satisfies Record<string, (settings: Settings) => Promise<Backend>>;

export const engineNames = ["auto", ...Object.keys(backends)];

/** What builds the native engine here. */
export const nativeBuildCommand = `${
  process.platform === "darwin" ? "brew install onednn" : "sudo apt-get install -y libdnnl-dev g++"
} && npm run build:native`;

/**
 * `auto` is the fastest engine that works here. Throws a `UsageError` for an unknown name or precision, and for one that the
 * engine does not have; a `ForelossError` where `native` is asked for and cannot be used.
 */
export async function openEngine(name: string, settings: Settings): Promise<Backend> {
  const { nativeSupport, precisions } = await nativeModule();
  if (!precisions.includes(settings.precision)) {
    const suggestion = didYouMean(settings.precision, precisions);
    throw new UsageError(`--precision: unknown precision "${settings.precision}"${suggestion}`);
  }
  const wanted = name !== "auto" ? name : nativeSupport().available ? "native" : "onnx";
  if (!Object.hasOwn(backends, wanted)) {
    throw new UsageError(`--engine: unknown engine "${name}"${didYouMean(name, engineNames)}`);
  }
  return await backends[wanted as keyof typeof backends](settings);
}

/** The native backend's code; its addon is only looked for when somebody asks. */
function nativeModule() {
  return import("../engine/backends/native/index.ts");
}

async function openNative(settings: Settings): Promise<Backend> {
  const { nativeBackend, nativeSupport } = await nativeModule();
  const support = nativeSupport();
  if (support.available) return nativeBackend(settings);
  throw new ForelossError(`engine native: ${support.reason}`, { hint: `build it with: ${nativeBuildCommand}` });
}

function refuseBfloat16(engine: string, precision: Precision): void {
  if (precision !== "bfloat16") return;
  throw new UsageError(`--precision: engine ${engine} computes in float32 only, not in bfloat16`, {
    hint: `Leave --precision out, or take --engine native; it is built with: ${nativeBuildCommand}`,
  });
}
