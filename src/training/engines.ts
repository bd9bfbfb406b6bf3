// The engines by name, as typed behind `--engine`. Each is loaded when it is asked for: where the ONNX Runtime cannot be
// loaded, what needs no engine still works, and the reason is told.
import { ForelossError, UsageError } from "../core/errors.ts";
import { didYouMean } from "../core/suggest.ts";
import {
  installCommand,
  nativeBackend,
  nativeSupport,
  type Precision,
  precisions,
} from "../engine/backends/native/index.ts";
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
  native: async (settings: Settings) => {
    const support = nativeSupport();
    if (support.available) return nativeBackend(settings);
    throw new ForelossError(`engine native: ${support.reason}`, { hint: `build it with: ${nativeBuildCommand()}` });
  },
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

/**
 * `auto` is the fastest engine that works here. Throws a `UsageError` for an unknown name or precision, and for one that the
 * engine does not have; a `ForelossError` where `native` is asked for and cannot be used.
 */
export async function openEngine(name: string, settings: Settings): Promise<Backend> {
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

/** What installs the parts of the native engine and builds it here. */
export function nativeBuildCommand(): string {
  const fromSources = import.meta.url.endsWith(".ts");
  return `${installCommand()} && ${fromSources ? "npm run build:native" : "foreloss build-native"}`;
}

function refuseBfloat16(engine: string, precision: Precision): void {
  if (precision !== "bfloat16") return;
  throw new UsageError(`--precision: engine ${engine} computes in float32 only, not in bfloat16`, {
    hint: `Leave --precision out, or take --engine native; it is built with: ${nativeBuildCommand()}`,
  });
}
