// `cycles.jsonl`: one line per finished cycle, only ever added to. A line that a kill tore is dropped when the file is
// opened again; the cycle it was about is then finished a second time, with the same outcome.
import { open, readFile, truncate } from "node:fs/promises";
import { ForelossError } from "../../core/errors.ts";
import { type CycleLine, cycleLineSchema } from "../../records/cycle-line.ts";

export interface CycleLog {
  /** All lines, oldest first. */
  readonly lines: readonly CycleLine[];
  /** The finished cycles of one arm and seed, from cycle 0 on. */
  of(arm: string, seed: number): readonly CycleLine[];
  /** Adds a line; done when it is on the disk. Calls may overlap. */
  append(line: CycleLine): Promise<void>;
  close(): Promise<void>;
}

/** Opens the log, making it when it is not there. Throws a `ForelossError` with the line number for damage before the last line. */
export async function openCycleLog(path: string): Promise<CycleLog> {
  const lines = await readIntact(path);
  const file = await open(path, "a");
  let last = Promise.resolve();
  return {
    lines,
    of: (arm, seed) => lines.filter((line) => line.arm === arm && line.seed === seed),
    append: (line) => {
      // Behind a failed append all later ones fail too: they would stand behind a torn line.
      last = last.then(async () => {
        await file.appendFile(`${JSON.stringify(line)}\n`);
        await file.datasync();
        lines.push(line);
      });
      return last;
    },
    close: () => file.close(),
  };
}

/** The lines of the file, which is cut behind the last one that is whole. */
async function readIntact(path: string): Promise<CycleLine[]> {
  const content = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return Buffer.alloc(0);
    throw error;
  });
  const texts = content.toString("utf8").split("\n");
  const torn = texts.pop() ?? ""; // what stands behind the last line break
  const lines = texts.map(parseLine);
  const broken = lines.indexOf(undefined);
  if (broken !== -1 && broken < lines.length - 1) throw damaged(path, broken + 1, "it cannot be read");
  const whole = lines.filter((line) => line !== undefined);
  if (torn !== "" || broken !== -1) await truncate(path, lengthOf(content, whole.length));
  checkOrder(path, whole);
  return whole;
}

function parseLine(text: string): CycleLine | undefined {
  try {
    return cycleLineSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Bytes of the first `count` lines. */
function lengthOf(content: Buffer, count: number): number {
  let end = 0;
  for (let line = 0; line < count; line++) end = content.indexOf(10, end) + 1;
  return end;
}

function checkOrder(path: string, lines: readonly CycleLine[]): void {
  const next = new Map<string, number>();
  for (const [index, { arm, seed, cycle }] of lines.entries()) {
    const key = JSON.stringify([arm, seed]);
    const expected = next.get(key) ?? 0;
    if (cycle !== expected)
      throw damaged(path, index + 1, `cycle ${cycle} of ${arm}, seed ${seed}, stands where ${expected} belongs`);
    next.set(key, cycle + 1);
  }
}

function damaged(path: string, line: number, what: string): ForelossError {
  return new ForelossError(`${path}:${line}: ${what}; the file was damaged or edited`, {
    hint: "put the file back as it was, start the run anew with --fresh, or choose another --out",
  });
}
