// One process at a time works on a run folder. The lock is a file that names its holder; a holder that died (kill -9,
// power cut) is recognised and its lock taken over.
import { constants, copyFile, link, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { ForelossError } from "../../core/errors.ts";

const holderSchema = z.object({
  pid: z.number().int(),
  host: z.string(),
  /** Tells two processes apart that had the same pid one after the other; null where the system does not say. */
  identity: z.string().nullable(),
  since: z.string(),
});
type Holder = z.output<typeof holderSchema>;

const lockName = "run.lock";
const heldHere = new Set<string>();
let attempts = 0;

/**
 * Takes the lock of `folder` (which must exist) and gives the function that lets go of it.
 * Throws a `ForelossError` naming the holder when another live process, or another call in this one, has it.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, lockName);
  while (!(await claimed(path, folder))) await discardStale(path, folder);
  heldHere.add(path);
  return async () => {
    heldHere.delete(path);
    await unlink(path);
  };
}

async function ownNote(): Promise<Holder> {
  const since = new Date().toISOString();
  return { pid: process.pid, host: hostname(), identity: await identityOf(process.pid), since };
}

/** Puts an own note in place unless there is a lock: in one step, so that nobody ever reads half a lock. */
async function claimed(path: string, folder: string): Promise<boolean> {
  const note = temporaryIn(folder);
  await writeFile(note, `${JSON.stringify(await ownNote())}\n`);
  try {
    await link(note, path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") throw error;
      await copyFile(note, path, constants.COPYFILE_EXCL); // a file system without hard links
    });
    return true;
  } catch (error) {
    // ENOENT: who got the lock has swept the note away.
    if (["EEXIST", "ENOENT"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  } finally {
    await unlink(note).catch(ignoreMissing);
  }
}

function temporaryIn(folder: string): string {
  return join(folder, `.${lockName}.${process.pid}-${attempts++}.tmp`);
}

/** Moves a dead holder's lock away. What was moved is looked at again: another process may have been quicker. */
async function discardStale(path: string, folder: string): Promise<void> {
  const seen = await readText(path);
  if (seen === undefined) return;
  const holder = parseHolder(seen);
  if (holder !== undefined && (await isAlive(holder, path))) throw inUse(folder, path, holder);
  const aside = temporaryIn(folder);
  await rename(path, aside).catch(ignoreMissing);
  const moved = await readText(aside);
  if (moved !== undefined && moved !== seen) await link(aside, path).catch(() => undefined);
  await unlink(aside).catch(ignoreMissing);
}

async function isAlive(holder: Holder, path: string): Promise<boolean> {
  if (holder.host !== hostname()) return true; // cannot be asked from here
  if (holder.pid === process.pid && holder.identity === null) return heldHere.has(path);
  if (!responds(holder.pid)) return false;
  const identity = await identityOf(holder.pid);
  return identity === null ? holder.identity === null : identity === holder.identity;
}

function responds(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Boot and start time of a process (Linux, proc(5)); null where there is no /proc, or the process is over. */
async function identityOf(pid: number): Promise<string | null> {
  const boot = await readText("/proc/sys/kernel/random/boot_id");
  const status = await readText(`/proc/${pid}/stat`);
  if (boot === undefined || status === undefined) return null;
  const fields = status.slice(status.lastIndexOf(")") + 2).split(" ");
  const [state, started] = [fields[0], fields[19]];
  return state === "Z" || started === undefined ? "over" : `${boot.trim()}/${started}`;
}

function parseHolder(text: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return undefined; // a lock is written in one step; one that cannot be read is what a power cut left
  }
}

function inUse(folder: string, path: string, holder: Holder): ForelossError {
  const elsewhere = holder.host === hostname() ? "" : ` on ${holder.host}`;
  return new ForelossError(`${folder}: process ${holder.pid}${elsewhere} works on this run since ${holder.since}`, {
    hint:
      elsewhere === ""
        ? "wait until it is done or stop it, or choose another --out"
        : `wait until it is done, or choose another --out; if that process is surely over, delete ${path}`,
  });
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(ignoreMissing);
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT" && error.code !== "ESRCH") throw error;
  return undefined;
}
