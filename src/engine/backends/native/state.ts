// State of the native backend: float32 tensors in memory of the addon, by name.

import type { Addon, StateHandle } from "../../../native/addon.ts";
import type { State, StateEntry } from "../../backend.ts";
import { EngineError } from "../../errors.ts";
import { type Shape, sizeOf } from "../../graph.ts";

export class NativeState implements State {
  readonly #addon: Addon;
  readonly #shapes: ReadonlyMap<string, Shape>;
  readonly #index: ReadonlyMap<string, number>;
  readonly #handle: StateHandle;
  #closed = false;

  constructor(addon: Addon, initial: ReadonlyMap<string, StateEntry>) {
    for (const [name, { shape, values }] of initial) checkCount(name, shape, values);
    this.#addon = addon;
    this.#shapes = new Map([...initial].map(([name, { shape }]) => [name, shape]));
    this.#index = new Map([...initial.keys()].map((name, i) => [name, i]));
    this.#handle = addon.openState([...initial.values()].map(({ values }) => values));
  }

  get names(): string[] {
    return this.#closed ? [] : [...this.#shapes.keys()];
  }

  get handle(): StateHandle {
    if (this.#closed) throw new EngineError("state", "it is closed");
    return this.#handle;
  }

  /** Number of each entry, as the addon counts them. */
  get index(): ReadonlyMap<string, number> {
    return this.#index;
  }

  shapeOf(name: string): Shape {
    const shape = this.#closed ? undefined : this.#shapes.get(name);
    if (shape === undefined) throw new EngineError(`state "${name}"`, "no such entry, or the state is closed");
    return shape;
  }

  async read(name: string): Promise<StateEntry> {
    const shape = this.shapeOf(name);
    return { shape, values: await this.#addon.readState(this.#handle, this.#index.get(name)!) };
  }

  async write(name: string, values: Float32Array): Promise<void> {
    checkCount(name, this.shapeOf(name), values);
    await this.#addon.writeState(this.#handle, this.#index.get(name)!, values);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#addon.closeState(this.#handle);
  }
}

function checkCount(name: string, shape: Shape, values: Float32Array): void {
  if (values.length !== sizeOf(shape)) {
    throw new EngineError(`state "${name}"`, `${values.length} values do not fill shape [${shape}]`);
  }
}
