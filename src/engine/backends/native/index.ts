// The fast CPU backend: a program becomes a plan that an addon carries out with oneDNN, in bfloat16 where the processor has it.
import type { Backend } from "../../backend.ts";
import { EngineError } from "../../errors.ts";
import { nativeSupport } from "./addon.ts";

export { addonPath, type NativeSupport, nativeSupport } from "./addon.ts";

/** `auto` is bfloat16 where the processor multiplies it (AMX, AVX512-BF16), float32 elsewhere. */
export type Precision = "auto" | "float32" | "bfloat16";
export const precisions: readonly Precision[] = ["auto", "float32", "bfloat16"];

export interface NativeOptions {
  /** Threads of one operation; one per core when left out. */
  readonly threads?: number;
  readonly precision?: Precision;
}

/** Throws an `EngineError` where the addon is not built. */
export function nativeBackend(_options: NativeOptions = {}): Backend {
  const support = nativeSupport();
  const reason = support.available ? "it cannot run programs yet" : support.reason;
  throw new EngineError("engine native", `${reason}; build it with npm run build:native`);
}
