// The checks that every backend makes before a run: right names, right types, right sizes.
import type { Feeds, State, Values } from "./backend.ts";
import { EngineError } from "./errors.ts";
import { type DType, describe, type Node, sizeOf } from "./graph.ts";
import type { Program } from "./program.ts";

const arrayTypes = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array, bool: Uint8Array } as const;

/** A new array for `count` values of `dtype`. */
export function allocate(dtype: DType, count: number): Values {
  return new arrayTypes[dtype](count);
}

/** Throws an `EngineError` unless `feeds` holds exactly the program's inputs, each of its type and size. */
export function checkFeeds(program: Program, feeds: Feeds): void {
  const where = `program "${program.name}"`;
  for (const name of Object.keys(feeds)) {
    if (!program.inputs.has(name)) {
      throw new EngineError(
        where,
        `unknown input "${name}"; it has ${[...program.inputs.keys()].join(", ") || "none"}`,
      );
    }
  }
  for (const [name, node] of program.inputs) {
    const values = feeds[name];
    if (values === undefined) throw new EngineError(where, `input "${name}" (${describe(node)}) is missing`);
    if (!(values instanceof arrayTypes[node.dtype]) || values.length !== sizeOf(node.shape)) {
      throw new EngineError(
        where,
        `input "${name}" is ${describe(node)}, got ${values.constructor.name} of ${values.length}`,
      );
    }
  }
}

/** Throws an `EngineError` unless `state` has every entry that the program reads or updates, with its shape. */
export function checkState(program: Program, state: State, shapeOf: (name: string) => readonly number[]): void {
  const where = `program "${program.name}"`;
  const known = new Set(state.names);
  const wanted: [string, Node][] = [...program.state, ...program.updates];
  for (const [name, node] of wanted) {
    if (!known.has(name)) throw new EngineError(where, `state has no entry "${name}" (${describe(node)})`);
    const shape = shapeOf(name);
    if (shape.join() !== node.shape.join()) {
      throw new EngineError(where, `state entry "${name}" has shape [${shape}], the program wants ${describe(node)}`);
    }
  }
}
