// Offsets in the arena: tensors that are never alive at the same time share memory. The largest are placed first, each at the
// lowest offset where nothing that is alive with it lies.
import { type Instruction, type Memory, memoriesOf } from "./instructions.ts";

const alignment = 64;

interface Life {
  readonly memory: Memory;
  first: number;
  last: number;
}

/** Sets the offset of every stretch of the arena and gives the arena's size in bytes. */
export function layOutArena(
  instructions: readonly Instruction[],
  inputs: readonly Memory[],
  outputs: readonly Memory[],
): number {
  const lives = new Map<Memory, Life>();
  const touch = (memory: Memory, time: number) => {
    if (memory.place !== 0) return;
    const life = lives.get(memory) ?? { memory, first: time, last: time };
    life.first = Math.min(life.first, time);
    life.last = Math.max(life.last, time);
    lives.set(memory, life);
  };
  for (const memory of inputs) touch(memory, -1);
  instructions.forEach((instruction, time) => {
    for (const memory of memoriesOf(instruction)) touch(memory, time);
  });
  for (const memory of outputs) touch(memory, instructions.length);
  const placed: Life[] = [];
  for (const life of [...lives.values()].sort((a, b) => b.memory.bytes - a.memory.bytes || a.first - b.first)) {
    life.memory.offset = lowestFree(life, placed);
    placed.push(life);
  }
  return Math.max(0, ...placed.map(({ memory }) => end(memory)));
}

function lowestFree({ memory, first, last }: Life, placed: readonly Life[]): number {
  const beside = placed.filter((other) => other.first <= last && first <= other.last);
  beside.sort((a, b) => a.memory.offset - b.memory.offset);
  let offset = 0;
  for (const other of beside) {
    if (offset + memory.bytes <= other.memory.offset) break;
    offset = Math.max(offset, end(other.memory));
  }
  return offset;
}

function end({ offset, bytes }: Memory): number {
  return Math.ceil((offset + bytes) / alignment) * alignment;
}
