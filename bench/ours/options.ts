// The command lines of the scripts in this folder: all options are required.
import { parseArgs } from "node:util";
import { type EngineSpec, openEngine, type Precision } from "../../src/training/engines.ts";

type Options<Text extends string, Count extends string> = Readonly<Record<Text, string> & Record<Count, number>>;

/** Texts and numbers by their names. */
export function readOptions<Text extends string, Count extends string>(
  texts: readonly Text[],
  counts: readonly Count[],
): Options<Text, Count> {
  const { values } = parseArgs({
    options: Object.fromEntries([...texts, ...counts].map((name) => [name, { type: "string" } as const])),
  });
  const read = (name: string) => {
    const value = values[name];
    if (typeof value !== "string") throw new Error(`--${name} is missing`);
    return value;
  };
  return Object.fromEntries([
    ...texts.map((name) => [name, read(name)] as const),
    ...counts.map((name) => [name, Number(read(name))] as const),
  ]) as Options<Text, Count>;
}

/** What every contender is told: its inputs, its engine, and how long to go on with timed calls; and `more` numbers. */
export function contenderOptions<Count extends string = never>(...more: readonly Count[]) {
  const options = readOptions(["inputs", "engine", "precision"], ["threads", "seconds", ...more]);
  const { engine, threads, precision } = options;
  return { ...options, engine: { name: engine, threads, precision: precision as Precision } satisfies EngineSpec };
}

export function openBackend(engine: EngineSpec) {
  return openEngine(engine.name, engine);
}
