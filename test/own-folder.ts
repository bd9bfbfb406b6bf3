// For tests: a person's folder of files, and the command line at work in it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";

const main = join(import.meta.dirname, "..", "src", "cli", "main.ts");

export interface OwnFolder {
  readonly folder: string;
  put(path: string, content: string | Uint8Array): void;
  read(path: string): string;
  /** Runs a command that must succeed. */
  foreloss(...args: string[]): { out: string; err: string };
  /** Runs a command that may fail. */
  attempt(...args: string[]): { status: number | null; out: string; err: string };
}

/** To be called in `describe`, at whose end the folder is deleted. */
export function ownFolder(): OwnFolder {
  const folder = mkdtempSync(join(tmpdir(), "foreloss-own-"));
  after(() => rmSync(folder, { recursive: true }));
  const attempt: OwnFolder["attempt"] = (...args) => {
    const env = { ...process.env, FORELOSS_DATA: "" };
    const options = { cwd: folder, encoding: "utf8", env } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], options);
    return { status, out: stdout, err: stderr };
  };
  return {
    folder,
    put(path, content) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    },
    read: (path) => readFileSync(join(folder, path), "utf8"),
    attempt,
    foreloss(...args) {
      const { status, ...said } = attempt(...args);
      assert.equal(status, 0, said.err);
      return said;
    },
  };
}
