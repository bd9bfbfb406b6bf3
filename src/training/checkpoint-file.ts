// Checkpoints on disk: the state of a learner as one safetensors file with its record.
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { ForelossError } from "../core/errors.ts";
import type { State, StateEntry } from "../engine/index.ts";
import { encodeSafetensors, readSafetensors } from "../nn/safetensors.ts";
import { type CheckpointRecord, checkpointMetadata, readCheckpointRecord } from "../records/checkpoint.ts";
import { writeFileAtomic } from "../records/write-file-atomic.ts";

export const checkpointFileName = "model.safetensors";

/** Of the members of an ensemble: the first is the model that other programs are given. */
export function memberFileName(member: number): string {
  return member === 0 ? checkpointFileName : `member-${member}.safetensors`;
}

export type StateEntries = ReadonlyMap<string, StateEntry>;

export interface Checkpoint {
  readonly record: CheckpointRecord;
  readonly entries: StateEntries;
}

/** Writes state entries; the file is whole or not there. */
export async function writeCheckpoint(path: string, { record, entries }: Checkpoint): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFileAtomic(path, encodeSafetensors(entries, checkpointMetadata(record)));
}

/** Copies of the named entries. */
export async function readEntries(state: State, names: Iterable<string>): Promise<StateEntries> {
  const entries = new Map<string, StateEntry>();
  for (const name of names) entries.set(name, await state.read(name));
  return entries;
}

export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const { tensors, metadata } = await readSafetensors(path);
  return { record: readCheckpointRecord(metadata, path), entries: tensors };
}

/** Puts a checkpoint's entries into the state. Throws a `ForelossError` when one is unknown there or of another shape. */
export async function loadEntries(state: State, entries: StateEntries, where: string): Promise<void> {
  const known = new Set(state.names);
  for (const [name, { shape, values }] of entries) {
    if (!known.has(name)) throw new ForelossError(`${where}: "${name}" does not belong to this model`);
    const held = await state.read(name);
    if (held.shape.join() !== shape.join()) {
      throw new ForelossError(`${where}: "${name}" has shape [${shape}], this model's is [${held.shape}]`);
    }
    await state.write(name, values);
  }
}
