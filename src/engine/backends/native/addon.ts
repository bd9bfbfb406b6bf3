// Finds and loads the addon that `npm run build:native` makes. It is never required: where it is not built, or does not load,
// the reason is kept and told.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Where the build puts the addon: `native/build/foreloss.node` beside `src/` or `dist/`. */
export const addonPath = join(packageRoot(), "native", "build", "foreloss.node");

export type NativeSupport =
  | {
      readonly available: true;
      /** Name and version of the library that does the arithmetic. */
      readonly version: string;
      /** Whether the processor multiplies bfloat16 numbers itself (AMX or AVX512-BF16). */
      readonly bfloat16: boolean;
    }
  | { readonly available: false; readonly reason: string };

export interface Addon {
  readonly version: string;
  readonly bfloat16: boolean;
}

/** Whether the native backend can be used here, or why not. */
export function nativeSupport(): NativeSupport {
  const loaded = load();
  if ("reason" in loaded) return { available: false, reason: loaded.reason };
  const { version, bfloat16 } = loaded.addon;
  return { available: true, version, bfloat16 };
}

type Loaded = { readonly addon: Addon } | { readonly reason: string };
let known: Loaded | undefined;

export function load(): Loaded {
  known ??= attempt();
  return known;
}

function attempt(): Loaded {
  if (!existsSync(addonPath)) return { reason: "it is not built" };
  try {
    return { addon: createRequire(import.meta.url)(addonPath) as Addon };
  } catch (error) {
    return { reason: `it does not load: ${(error as Error).message.split("\n", 1)[0]}` };
  }
}

function packageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}
