// What a person sees when a command fails, and the exit code.
import { CommanderError } from "commander";
import { ForelossError, UsageError } from "../core/errors.ts";

/** Prints the error to standard error and gives the exit code: 0 for --help and --version, 1 failed, 2 used wrongly. */
export function reportError(error: unknown, options: { readonly debug: boolean }): number {
  // Commander has printed its own message by now.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  console.error(describeError(error, options));
  return error instanceof UsageError ? 2 : 1;
}

const faultAdvice = "This is a fault in Foreloss. Run the command again with --debug to see where it comes from.";
const packageAdvice = "A package that Foreloss needs is missing or broken here; `foreloss doctor` says what to do.";

/** Whether loading a package failed: it is not there, or its binary does not fit this machine. */
function isAboutPackages(error: unknown): boolean {
  const codes = ["MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND", "ERR_DLOPEN_FAILED"];
  const { code, message } = error as NodeJS.ErrnoException;
  return codes.includes(code ?? "") || /^Could not load the "sharp" module/.test(message);
}

export function describeError(error: unknown, { debug }: { readonly debug: boolean }): string {
  if (!(error instanceof ForelossError)) {
    const message = error instanceof Error ? error.message : String(error);
    if (debug) return stackOf(error);
    return isAboutPackages(error)
      ? `error: ${message.split("\n", 1)[0]}\n${packageAdvice}`
      : `error: ${message}\n${faultAdvice}`;
  }
  const hint = error.hint === undefined ? "" : `\nhint: ${error.hint}`;
  return `error: ${error.message}${hint}${debug ? `\n${stackOf(error)}` : ""}`;
}

/** The stack with those of the errors behind it. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return `error: ${String(error)}`;
  const stack = error.stack ?? error.message;
  return error.cause === undefined ? stack : `${stack}\ncaused by: ${stackOf(error.cause)}`;
}
