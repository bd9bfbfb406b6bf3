// Errors a user can act on. Everything else that is thrown is a bug and shows its stack.

/**
 * Something the user can put right: what is wrong, where, with the value, and what to do.
 * The command line prints `message` and `hint` without a stack and exits with 1.
 */
export class ForelossError extends Error {
  readonly hint: string | undefined;
  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
  }
}

/** The command was written wrongly (unknown option, bad value); the command line exits with 2. */
export class UsageError extends ForelossError {}

/** The work was stopped on purpose (Ctrl-C); what was finished stays on disk. */
export class InterruptedError extends ForelossError {}

/** Throws an `InterruptedError` that says where, once `signal` is aborted. To be called wherever work may end early. */
export function stopIfAborted(signal: AbortSignal | undefined, where: string): void {
  if (signal?.aborted) throw new InterruptedError(`stopped ${where}`);
}
