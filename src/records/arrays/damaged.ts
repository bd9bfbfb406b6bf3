// What the libraries that read other formats throw, as an error that names the file.
import { ForelossError } from "../../core/errors.ts";

/** `error` itself where it says all already (ours, or one of the file system), else one that names the file and its format. */
export function damaged(path: string, format: string, error: unknown, hint?: string): unknown {
  if (error instanceof ForelossError || (error as NodeJS.ErrnoException).syscall !== undefined) return error;
  const reason = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
  return new ForelossError(`${path}: no ${format} file, or a damaged one (${reason})`, {
    hint: hint ?? "Write it again; a download may have been cut short.",
    cause: error,
  });
}
