// What `foreloss doctor` says of one part that Foreloss needs.

/** A part that is there (`problem` null) or not; `remedy` is a command to type. */
export interface PartReport {
  readonly name: string;
  readonly version: string | null;
  readonly problem: string | null;
  readonly remedy: string | null;
}

/** What a failed import or start says, in one line. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split("\n", 1)[0]!;
}
