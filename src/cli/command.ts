// How every command is declared: a name, one sentence, and at least one example under its help.
import type { Command } from "commander";

export interface CommandText {
  /** Name and arguments, e.g. `select <table>`. */
  readonly usage: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What else there is to know, below the summary in the command's own help. */
  readonly details?: string;
  /** Whole command lines. */
  readonly examples: readonly [string, ...string[]];
}

export function declareCommand(program: Command, { usage, summary, details, examples }: CommandText): Command {
  const name = usage.split(" ", 1)[0]!;
  const heading = examples.length === 1 ? "Example" : "Examples";
  return program
    .command(usage)
    .summary(summary)
    .description([`${summary[0]!.toUpperCase()}${summary.slice(1)}.`, details].join(" ").trim())
    .helpOption("-h, --help", "print this help")
    .showHelpAfterError(`(foreloss ${name} --help shows the options and an example)`)
    .addHelpText("after", `\n${heading}:\n${examples.map((line) => `  ${line}`).join("\n")}`);
}
