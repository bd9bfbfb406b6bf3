// How a model declares what it has. A model is a function of a builder and nodes: it asks the builder for parameters by
// name, and the builder remembers them, so that one formula serves training, testing, counting and saving.
import { type Node, type Shape, sizeOf, state } from "../engine/index.ts";
import type { Initialiser } from "./initialise.ts";

/** A state entry of a model: a parameter that is learned, or a buffer that the forward pass keeps (running statistics). */
export interface ModelEntry {
  readonly shape: Shape;
  readonly initialise: Initialiser;
  readonly learned: boolean;
}

/**
 * `train` normalises by the batch, updates running statistics and drops channels, `infer` does none of these. `pass` infers
 * once more with dropout: what lies before it is not computed again but fed.
 */
export type BuilderMode = "train" | "infer" | "pass";

/** A place where a model drops channels at random. */
export interface Dropout {
  /** What comes in: [batch, channels, ...]. */
  readonly features: Node;
  /** Of the channels, how many are dropped on average. */
  readonly share: number;
}

export interface ModelBuilder {
  readonly mode: BuilderMode;
  /** A learned parameter; asked for twice under one name it is the same node. */
  parameter(name: string, shape: Shape, initialise: Initialiser): Node;
  /** A buffer that is not learned. */
  buffer(name: string, shape: Shape, initialise: Initialiser): Node;
  /** The buffer's value after this step (training only). */
  update(name: string, value: Node): void;
  /** Remembers that channels are dropped here; gives the full name of the place. */
  drop(name: string, dropout: Dropout): string;
  /** The same builder with `name.` before all names. */
  in(name: string): ModelBuilder;
}

export interface BuiltModel {
  readonly builder: ModelBuilder;
  /** By full name, in order of declaration. */
  readonly entries: ReadonlyMap<string, ModelEntry>;
  readonly nodes: ReadonlyMap<string, Node>;
  /** New values of buffers, by full name. */
  readonly updates: ReadonlyMap<string, Node>;
  /** By full name, in order of declaration. */
  readonly dropouts: ReadonlyMap<string, Dropout>;
}

/** A builder and what it collects. `prefix` goes before the names of the state only: averaged weights lie under one. */
export function createBuilder(mode: BuilderMode, prefix = ""): BuiltModel {
  const entries = new Map<string, ModelEntry>();
  const nodes = new Map<string, Node>();
  const updates = new Map<string, Node>();
  const dropouts = new Map<string, Dropout>();
  const declare = (name: string, entry: ModelEntry): Node => {
    const node = nodes.get(name) ?? state(prefix + name, entry.shape);
    nodes.set(name, node);
    entries.set(name, entry);
    return node;
  };
  const scoped = (scope: string): ModelBuilder => ({
    mode,
    parameter: (name, shape, initialise) => declare(scope + name, { shape, initialise, learned: true }),
    buffer: (name, shape, initialise) => declare(scope + name, { shape, initialise, learned: false }),
    update: (name, value) => void updates.set(scope + name, value),
    drop: (name, dropout) => {
      dropouts.set(scope + name, dropout);
      return scope + name;
    },
    in: (name) => scoped(`${scope}${name}.`),
  });
  return { builder: scoped(""), entries, nodes, updates, dropouts };
}

/** Number of learned parameters. */
export function countParameters(entries: ReadonlyMap<string, ModelEntry>): number {
  return [...entries.values()].reduce((sum, entry) => sum + (entry.learned ? sizeOf(entry.shape) : 0), 0);
}
