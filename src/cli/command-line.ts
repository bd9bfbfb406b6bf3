// The whole command line: which commands there are, and how their outcome becomes an exit code.
// 0 is done, 1 is failed, 2 is used wrongly.
import { Command } from "commander";
import { addBuildNativeCommand } from "./build-native.ts";
import { addConvertCommand } from "./convert.ts";
import { addDemoCommand } from "./demo.ts";
import { addDoctorCommand } from "./doctor.ts";
import { addExportCommand } from "./export.ts";
import { packageVersion } from "./package-version.ts";
import { addReportCommand } from "./report.ts";
import { reportError } from "./report-error.ts";
import { addRunCommand } from "./run.ts";
import { addScoreCommand } from "./score.ts";
import { addSelectCommand } from "./select.ts";
import { addTrainCommand } from "./train.ts";

const commands = [
  addDemoCommand,
  addRunCommand,
  addReportCommand,
  addTrainCommand,
  addScoreCommand,
  addSelectCommand,
  addExportCommand,
  addConvertCommand,
  addBuildNativeCommand,
  addDoctorCommand,
];

/** Carries out one command and gives its exit code. `args` are the words after `foreloss`. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  stopQuietlyWhenNobodyReads();
  try {
    await createProgram().parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    return reportError(error, { debug: args.includes("--debug") });
  }
}

/** The commands with their options, ready to parse. */
export function createProgram(): Command {
  const program = new Command("foreloss")
    .description(
      "Active learning for vision: train with a loss prediction module, score the pool, choose, label, repeat",
    )
    .version(packageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .option("--debug", "print the stack of an error")
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError("(add --help for the options and an example)")
    .exitOverride()
    .addHelpText(
      "after",
      `
Examples:
  foreloss demo                                       a whole experiment on made-up pictures
  foreloss run cifar10-small --data data --download   the same on CIFAR-10
  foreloss doctor                                     what this machine can do, and what is missing`,
    );
  for (const add of commands) add(program);
  return program;
}

/** `foreloss select ... | head -3` closes our output early; that is no error. */
function stopQuietlyWhenNobodyReads(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
}
