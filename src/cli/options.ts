// Options that several commands share, and how their text becomes a value. What does not fit ends the command with exit
// code 2 and says what is allowed.
import { type Command, InvalidArgumentError } from "commander";
import { parseBytes } from "../core/bytes.ts";
import type { Precision } from "../training/engines.ts";

/** What the options of `addEngineOptions` become. */
export interface EngineOptions {
  readonly engine: string;
  /** As typed: `openEngine` refuses what is none. */
  readonly precision: Precision;
  readonly threads?: number | undefined;
}

export function addEngineOptions(command: Command): Command {
  return command
    .option("--engine <name>", "what does the arithmetic: auto, native, onnx, reference", "auto")
    .option("--precision <name>", "what it computes in: auto, float32, bfloat16 (native only)", "auto")
    .option("--threads <n>", "threads of the engine (default: one per core)", positiveInteger);
}

export function addDataOption(command: Command): Command {
  return command.option("--data <folder>", "where the pictures lie (default: what FORELOSS_DATA says)");
}

/** The folder given with --data, or else FORELOSS_DATA; null when there is neither. */
export function dataFolder(option: string | undefined): string | null {
  return option ?? (process.env.FORELOSS_DATA || null);
}

export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError("It needs a whole number of at least 1.");
  return Number(text);
}

export function integer(text: string): number {
  if (!/^-?\d{1,15}$/.test(text)) throw new InvalidArgumentError("It needs a whole number.");
  return Number(text);
}

/** `2GB` to bytes. */
export function byteSize(text: string): number {
  const bytes = parseBytes(text);
  if (bytes === null) throw new InvalidArgumentError("It needs a size with its unit, such as 2GB or 500MB.");
  return bytes;
}

/** `0,1,2` to numbers, all different. */
export function integerList(text: string): number[] {
  const values = wordList(text).map(integer);
  if (new Set(values).size < values.length) throw new InvalidArgumentError("A number stands there twice.");
  return values;
}

/** `a,b` to words. */
export function wordList(text: string): string[] {
  const words = text.split(",").map((word) => word.trim());
  if (words.includes("")) throw new InvalidArgumentError("It needs names with commas between them.");
  return words;
}
