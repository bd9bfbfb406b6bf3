// `foreloss doctor`: what this machine can do, how fast the engines are on it, and what is missing with the command that
// installs it. Everything is loaded inside a check, so that what is broken is reported and breaks nothing else.
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { ForelossError } from "../core/errors.ts";
import { nativeSupport } from "../engine/backends/native/index.ts";
import { declareCommand } from "./command.ts";
import { type Advice, type EngineReport, examineEngines, nativeAdvice } from "./examine-engines.ts";
import { type DataReport, inspectData } from "./inspect-data.ts";
import { describeMachine, gibibytes, type Machine } from "./machine.ts";
import { addDataOption, dataFolder, positiveInteger } from "./options.ts";
import { type PartReport, reasonOf } from "./part-report.ts";

interface Diagnosis {
  readonly healthy: boolean;
  readonly node: PartReport;
  readonly machine: Machine;
  readonly engines: readonly EngineReport[];
  /** What is not needed and would be a gain. */
  readonly advice: readonly Advice[];
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
  const machine = await describeMachine();
  const engines = await examineEngines(threads, canRead);
  const data = await inspectData(dataFolder(options.data), canRead);
  const healthy = [node, pictures, data, ...engines].every((part) => part.problem === null);
  return { healthy, node, machine, engines, advice: await adviceFor(machine), pictures, data };
}

async function adviceFor({ features }: Machine): Promise<Advice[]> {
  const bfloat16 = features !== null && (features.AMX === true || features["AVX512-BF16"] === true);
  const advice = nativeAdvice(nativeSupport(), bfloat16);
  return advice === null ? [] : [advice];
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

export function describeDiagnosis(diagnosis: Diagnosis): string {
  const { machine, node, engines, advice, pictures, data } = diagnosis;
  return [
    line(statusOf(node), node.name, node.version ?? ""),
    ...machineLines(machine),
    ...engines.map((engine) => line(statusOf(engine), `engine ${engine.name}`, engineText(engine))),
    ...advice.map((one) => line("absent", one.name, adviceText(one))),
    line(statusOf(pictures), pictures.name, partText(pictures)),
    line(statusOf(data), "data", data.problem ?? data.summary),
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
    line("ok", "processor", `${cpu}, ${cores} ${cores === 1 ? "core" : "cores"}`),
    line("ok", "features", known),
    line("ok", "memory", `${gibibytes(memoryBytes)} GiB`),
  ];
}

function engineText(engine: EngineReport): string {
  if (engine.speed === null) return partText(engine);
  const { picturesPerSecond, work } = engine.speed;
  return `${engine.version}: trains ${picturesPerSecond.toFixed(0)} pictures a second (${work})`;
}

function partText({ version, problem, remedy }: PartReport): string {
  return problem === null ? (version ?? "") : `${problem}\n${nextLine}to put it right: ${remedy}`;
}

function adviceText({ reason, gain, remedy }: Advice): string {
  return `${reason}; not needed, but ${gain}\n${nextLine}to have it: ${remedy}`;
}

const indent = 32;
const nextLine = " ".repeat(indent);

type Status = "ok" | "MISSING" | "absent";

function statusOf({ problem }: { readonly problem: string | null }): Status {
  return problem === null ? "ok" : "MISSING";
}

function line(status: Status, what: string, text: string): string {
  return `${status.padEnd(8)}${what.padEnd(indent - 8)}${text}`;
}
