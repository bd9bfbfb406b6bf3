// What a plan is made of, as the addon reads it (`native/src/read-plan.cc`). Memory is named by `place` and `offset` in bytes:
// place 0 is the plan's arena, 1 its constants, 2 and on the entries of the state.
import type { Storage } from "./view.ts";

/** A stretch of memory: in the arena it gets its offset when all lifetimes are known. */
export interface Memory {
  readonly place: number;
  readonly bytes: number;
  offset: number;
}

export interface Address {
  readonly memory: Memory;
  /** In bytes, from the start of the memory. */
  readonly offset: number;
}

/** A tensor that lies dense. */
export interface DenseTensor extends Address {
  readonly dtype: Storage;
  readonly shape: readonly number[];
  readonly channelsLast: boolean;
}

/** Numbers walked over with a stride for each dimension of a space, in elements. */
export interface Access extends Address {
  readonly dtype: Storage;
  readonly strides: readonly number[];
  readonly register: number;
}

export interface Sum extends Address {
  readonly register: number;
  readonly moments: boolean;
}

/** One instruction: its name, its tensors, and plain values. */
export interface Instruction {
  readonly op: string;
  /** For profiles and errors. */
  readonly label: string;
  readonly parts: Readonly<Record<string, Address | readonly Address[]>>;
  readonly values: object;
}

/** The order of `MicroOp` in `native/src/kernels.h`. */
export const microOps = [
  ...(["add", "sub", "mul", "div", "maximum", "minimum", "greater", "equal", "select", "neg", "exp", "log"] as const),
  ...(["sqrt", "tanh", "sigmoid", "relu", "step", "truncate", "isTrue", "multiplyAdd"] as const),
];
export type MicroOp = (typeof microOps)[number];

/** Every stretch of memory that an instruction touches. */
export function memoriesOf({ parts }: Instruction): Memory[] {
  return Object.values(parts).flatMap((part) => ("memory" in part ? [part.memory] : part.map(({ memory }) => memory)));
}

/** The instruction as the addon reads it; offsets in the arena must be known. */
export function encodeInstruction({ op, label, parts, values }: Instruction): Record<string, unknown> {
  const encoded = Object.entries(parts).map(([name, part]) => [
    name,
    "memory" in part ? encodeAddress(part) : part.map(encodeAddress),
  ]);
  return { op, label, ...values, ...Object.fromEntries(encoded) };
}

function encodeAddress({ memory, offset, ...rest }: Address): Record<string, unknown> {
  return { ...rest, place: memory.place, offset: memory.offset + offset };
}

const bytesOf = { float32: 4, bfloat16: 2, int32: 4, uint8: 1 } as const;

export function storageBytes(storage: Storage): number {
  return bytesOf[storage];
}
