// The engines by name, as typed behind `--engine`.
import { UsageError } from "../core/errors.ts";
import { didYouMean } from "../core/suggest.ts";
import { onnxBackend } from "../engine/backends/onnx/index.ts";
import { referenceBackend } from "../engine/backends/reference/index.ts";
import type { Backend } from "../engine/index.ts";

const backends = {
  onnx: (threads: number) => onnxBackend({ threads }),
  reference: () => referenceBackend(),
} satisfies Record<string, (threads: number) => Backend>;

export const engineNames = ["auto", ...Object.keys(backends)];

/** `auto` is the fastest engine that works here. Throws a `UsageError` for an unknown name. */
export function openEngine(name: string, threads: number): Backend {
  const wanted = name === "auto" ? "onnx" : name;
  if (!Object.hasOwn(backends, wanted)) {
    throw new UsageError(`--engine: unknown engine "${name}"${didYouMean(name, engineNames)}`);
  }
  return backends[wanted as keyof typeof backends](threads);
}
