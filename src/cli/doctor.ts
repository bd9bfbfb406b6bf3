// `foreloss doctor`: what this machine can do, how fast the engines are on it, and what is missing with the command that
// installs it. Everything is loaded inside a check, so that what is broken is reported and breaks nothing else.
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { ForelossError } from "../core/errors.ts";
import { openEngine } from "../training/engines.ts";
import type { TrainingSpeed } from "../training/measure.ts";
import { declareCommand } from "./command.ts";
import { type DataReport, inspectData } from "./inspect-data.ts";
import { describeMachine, gibibytes, type Machine } from "./machine.ts";
import { addDataOption, dataFolder, positiveInteger } from "./options.ts";

/** A part that is there (`problem` null) or not; `remedy` is a command to type. */
interface PartReport {
  readonly name: string;
  readonly version: string | null;
  readonly problem: string | null;
  readonly remedy: string | null;
}

interface EngineReport extends PartReport {
  /** Null when it cannot run, or was not measured. */
  readonly speed: TrainingSpeed | null;
}

interface Diagnosis {
  readonly healthy: boolean;
  readonly node: PartReport;
  readonly machine: Machine;
  readonly engines: readonly EngineReport[];
  readonly pictures: PartReport;
  readonly data: DataReport;
}

interface DoctorOptions {
  readonly data?: string;
  readonly threads?: number;
  readonly json?: boolean;
}

export function addDoctorCommand(program: Command): void {
  const command = declareCommand(program, {
    usage: "doctor",
    summary: "print what this machine can do and what is missing",
    details: "Measures the speed of the engines on a small training step.",
    examples: ["foreloss doctor", "foreloss doctor --data data --json"],
  });
  addDataOption(command)
    .option("--threads <n>", "threads to measure the engines with (default: one per core)", positiveInteger)
    .option("--json", "print everything as JSON")
    .action(doctor);
}

async function doctor(options: DoctorOptions): Promise<void> {
  const diagnosis = await diagnose(options);
  console.log(options.json ? JSON.stringify(diagnosis, null, 2) : describeDiagnosis(diagnosis));
  if (!diagnosis.healthy) throw new ForelossError("doctor: something that Foreloss needs is missing here; see above");
}

async function diagnose(options: DoctorOptions): Promise<Diagnosis> {
  const [node, pictures] = [examineNode(), await examinePictures()];
  const canRead = pictures.problem === null;
  const threads = options.threads ?? availableParallelism();
  const engines = [await examineOnnx(threads, canRead), await examineReference()];
  const data = await inspectData(dataFolder(options.data), canRead);
  const healthy = [node, pictures, data, ...engines].every((part) => part.problem === null);
  return { healthy, node, machine: await describeMachine(), engines, pictures, data };
}

const requireHere = createRequire(import.meta.url);

function examineNode(): PartReport {
  const { engines } = requireHere("../../package.json") as { engines: { node: string } };
  // main.ts has refused anything older.
  return { name: `Node (needs ${engines.node})`, version: process.versions.node, problem: null, remedy: null };
}

async function examinePictures(): Promise<PartReport> {
  const part = { name: "sharp (reads pictures)", remedy: "npm install --include=optional sharp" };
  try {
    const { default: sharp } = await import("sharp");
    return { ...part, version: sharp.versions.sharp ?? null, problem: null, remedy: null };
  } catch (error) {
    return { ...part, version: null, problem: reasonOf(error) };
  }
}

async function examineOnnx(threads: number, canMeasure: boolean): Promise<EngineReport> {
  try {
    const { name, version } = await openEngine("onnx", threads);
    const speed = canMeasure ? await measure(name, threads) : null;
    return { name, version, speed, problem: null, remedy: null };
  } catch (error) {
    const remedy = "npm install --ignore-scripts onnxruntime-node";
    return { name: "onnx", version: null, speed: null, problem: reasonOf(error), remedy };
  }
}

/** In a thread of its own, as training is. That thread also needs what reads pictures. */
async function measure(engine: string, threads: number): Promise<TrainingSpeed> {
  const { openWorker } = await import("../training/learner.ts");
  const worker = await openWorker({ kind: "measurement", engine, threads });
  try {
    return await worker.call<TrainingSpeed>("measure", []);
  } finally {
    await worker.close();
  }
}

/** Not measured: it is there to be right, and one step takes it minutes. */
async function examineReference(): Promise<EngineReport> {
  const { name, version } = await openEngine("reference", 1);
  return { name, version, speed: null, problem: null, remedy: null };
}

/** What a failed import or start says, in one line. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split("\n", 1)[0]!;
}

export function describeDiagnosis(diagnosis: Diagnosis): string {
  const { machine, node, engines, pictures, data } = diagnosis;
  return [
    line(node.problem === null, node.name, node.version ?? ""),
    ...machineLines(machine),
    ...engines.map((engine) => line(engine.problem === null, `engine ${engine.name}`, engineText(engine))),
    line(pictures.problem === null, pictures.name, partText(pictures)),
    line(data.problem === null, "data", data.problem ?? data.summary),
  ].join("\n");
}

function machineLines({ cpu, cores, features, memoryBytes }: Machine): string[] {
  const known =
    features === null
      ? "unknown"
      : Object.entries(features)
          .map(([name, is]) => `${name} ${is ? "yes" : "no"}`)
          .join(", ");
  return [
    line(true, "processor", `${cpu}, ${cores} ${cores === 1 ? "core" : "cores"}`),
    line(true, "features", known),
    line(true, "memory", `${gibibytes(memoryBytes)} GiB`),
  ];
}

function engineText(engine: EngineReport): string {
  if (engine.speed === null) return partText(engine);
  const { picturesPerSecond, work } = engine.speed;
  return `${engine.version}: trains ${picturesPerSecond.toFixed(0)} pictures a second (${work})`;
}

function partText({ version, problem, remedy }: PartReport): string {
  return problem === null ? (version ?? "") : `${problem}\n${" ".repeat(indent)}to put it right: ${remedy}`;
}

const indent = 32;

function line(isGood: boolean, what: string, text: string): string {
  return `${isGood ? "ok     " : "MISSING"} ${what.padEnd(indent - 8)}${text}`;
}
