// npm run bench [-- row... --python <path> --out <file>]: our speed and memory beside PyTorch's, on this machine, now.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ForelossError, UsageError } from "../src/core/errors.ts";
import { didYouMean } from "../src/core/suggest.ts";
import { writeFileAtomic } from "../src/records/write-file-atomic.ts";
import { rows as choose, quickRows as chooseQuick } from "./choose.ts";
import { rows as chooseFromFile, quickRows as chooseFromFileQuick } from "./choose-from-file.ts";
import { runContender, runScript } from "./contender-process.ts";
import { rows as cycle } from "./cycle.ts";
import { rows as detection } from "./detection.ts";
import { describeCommit, describeMachine } from "./machine.ts";
import { rows as pose } from "./pose.ts";
import { findPython } from "./python.ts";
import { type Contender, peersOf, type Row } from "./row.ts";
import { type RowResult, runRow } from "./run-row.ts";
import { rows as score } from "./score.ts";
import { rows as scoreFiles } from "./score-files.ts";
import { machineLine, resultLines } from "./table.ts";
import { inTemporaryFolder } from "./temporary-folder.ts";
import { rows as trainStep } from "./train-step.ts";

const groups: Readonly<Record<string, readonly Row[]>> = {
  "train-step": trainStep,
  score,
  cycle,
  "score-files": scoreFiles,
  choose: [...choose, ...chooseFromFile],
  "choose-quick": [...chooseQuick, ...chooseFromFileQuick],
  detection,
  pose,
};
const allRows = Object.values(groups).flat();

const usage = `npm run bench -- [row...] [options]

rows: ${Object.keys(groups).join(", ")}, or one of them: ${allRows.map((row) => row.name).join(", ")}; all without a name
  --python <path>    Python with torch, safetensors, numpy and pillow for the peers (else FORELOSS_PYTHON, else python3)
  --rounds <count>   times each contender runs (5)
  --threads <count>  threads of every contender (2)
  --seconds <time>   how long each process goes on with timed calls (5)
  --out <file>       write everything measured as JSON

npm run bench -- train-step-16 --python .venv/bin/python --out results/bench/train-step.json`;

interface Options {
  readonly rows: readonly Row[];
  readonly python: string | undefined;
  readonly rounds: number;
  readonly threads: number;
  readonly seconds: number;
  readonly out: string | undefined;
}

function readOptions(): Options | undefined {
  const { values, positionals } = parseCommandLine();
  if (values.help) return undefined;
  return {
    rows: positionals.length === 0 ? allRows : [...new Set(positionals.flatMap(rowsNamed))],
    python: values.python,
    rounds: positive("--rounds", values.rounds, Number.isInteger),
    threads: positive("--threads", values.threads, Number.isInteger),
    seconds: positive("--seconds", values.seconds, Number.isFinite),
    out: values.out,
  };
}

function parseCommandLine() {
  const text = { type: "string" } as const;
  const options = {
    python: text,
    rounds: { ...text, default: "5" },
    threads: { ...text, default: "2" },
    seconds: { ...text, default: "5" },
    out: text,
    help: { type: "boolean", short: "h" },
  } as const;
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    throw new UsageError((error as Error).message, { hint: usage, cause: error });
  }
}

function rowsNamed(name: string): readonly Row[] {
  const found = Object.hasOwn(groups, name) ? groups[name]! : allRows.filter((row) => row.name === name);
  if (found.length > 0) return found;
  const names = [...Object.keys(groups), ...allRows.map((row) => row.name)];
  throw new UsageError(`unknown row "${name}"${didYouMean(name, names)}`);
}

function positive(option: string, text: string, valid: (value: number) => boolean): number {
  const value = Number(text);
  if (valid(value) && value > 0) return value;
  throw new UsageError(
    `${option}: "${text}" is no number above 0${valid === Number.isInteger ? " without fraction" : ""}`,
  );
}

async function bench(options: Options): Promise<void> {
  const python = await findPython(options.python);
  const machine = describeMachine();
  console.log(machineLine(machine));
  if (machine.loadBefore > machine.logicalCores / 4) {
    console.log(`The machine is busy (load ${machine.loadBefore.toFixed(1)}): the figures will say little.`);
  }
  if ("missing" in python) console.log(`Peers skipped: ${python.missing}; name another Python by --python`);
  const results: RowResult[] = [];
  for (const row of options.rows) {
    const result = await runOne(row, options, "path" in python ? python.path : undefined);
    results.push(result);
    console.log(resultLines(result).join("\n"));
  }
  if (options.out !== undefined) await writeRecord(options.out, options, machine, python, results);
}

async function runOne(row: Row, options: Options, pythonPath: string | undefined): Promise<RowResult> {
  return await inTemporaryFolder(async (folder) => {
    const inputs = join(folder, "inputs");
    const { environment } = row;
    const make = { ...row.inputs, options: [...row.inputs.options, "--out", inputs] };
    await runScript(make, { environment, pythonPath });
    const { threads, seconds } = options;
    const run = (contender: Contender) =>
      runContender(contender, { inputs, threads, seconds, environment, pythonPath });
    const peers = pythonPath === undefined ? [] : peersOf(row);
    return await runRow(row, peers, options.rounds, run, (message) => console.error(message));
  });
}

async function writeRecord(
  path: string,
  { rounds, threads, seconds }: Options,
  machine: ReturnType<typeof describeMachine>,
  python: Awaited<ReturnType<typeof findPython>>,
  results: readonly RowResult[],
): Promise<void> {
  const record = {
    command: `npm run bench -- ${process.argv.slice(2).join(" ")}`,
    finished: new Date().toISOString(),
    commit: describeCommit(),
    machine,
    settings: { rounds, threads, seconds },
    peersSkipped: "missing" in python ? python.missing : null,
    results,
  };
  await writeFileAtomic(path, `${JSON.stringify(record, null, 2)}\n`);
  console.log(`\nWritten to ${path}`);
}

try {
  const options = readOptions();
  if (options === undefined) console.log(usage);
  else await bench(options);
} catch (error) {
  if (!(error instanceof ForelossError)) throw error;
  console.error(error.hint === undefined ? error.message : `${error.message}\n\n${error.hint}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
