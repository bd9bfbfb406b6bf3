// The engines by name, as typed behind `--engine`. Each is loaded when it is asked for: where the ONNX Runtime cannot be
// loaded, what needs no engine still works, and the reason is told.
import { UsageError } from "../core/errors.ts";
import { didYouMean } from "../core/suggest.ts";
import type { Backend } from "../engine/index.ts";

const backends = {
  onnx: async (threads: number) => {
    await import("onnxruntime-node"); // by itself first: Node 20 dies of a package that fails deeper in the imports
    return (await import("../engine/backends/onnx/index.ts")).onnxBackend({ threads });
  },
  reference: async () => (await import("../engine/backends/reference/index.ts")).referenceBackend(),
} satisfies Record<string, (threads: number) => Promise<Backend>>;

export const engineNames = ["auto", ...Object.keys(backends)];

/** `auto` is the fastest engine that works here. Throws a `UsageError` for an unknown name. */
export async function openEngine(name: string, threads: number): Promise<Backend> {
  const wanted = name === "auto" ? "onnx" : name;
  if (!Object.hasOwn(backends, wanted)) {
    throw new UsageError(`--engine: unknown engine "${name}"${didYouMean(name, engineNames)}`);
  }
  return await backends[wanted as keyof typeof backends](threads);
}
