// From a pool to picks: which items are candidates and in what order, what the learner has to infer for the strategy,
// and a check of what the strategy gives back. Only here are positions turned into ids.
import { ForelossError } from "../core/errors.ts";
import type { ItemId, LabelledItem } from "../core/item.ts";
import { permutation, type Random } from "../core/random.ts";
import {
  learnerSignals,
  type PoolSignal,
  type ScalarSignal,
  type Signal,
  type Signals,
  scalarSignals,
} from "../core/signals.ts";
import type { Pick } from "../records/results.ts";
import { selectWholeGroups } from "../strategies/batches/whole-groups.ts";
import { scoreBy } from "../strategies/scores.ts";
import { orInstead, signalsFor } from "../strategies/signals/read.ts";
import { labelledSignals, type Pool, type Strategy } from "../strategies/strategy.ts";
import type { InferOptions, Learner } from "./learner.ts";
import type { PoolState } from "./pool-state.ts";

/**
 * The pool's items in random order. The order is drawn for all items, labelled and ignored ones too, and does not
 * depend on how they are listed: arms of one seed with different pools share as much of its beginning as they can.
 */
export function ranked(state: PoolState, random: Random): ItemId[] {
  const ids = [...state.pool, ...state.labelled.keys(), ...state.ignored].sort();
  const order = permutation(ids.length, random);
  return Array.from(order, (position) => ids[position]!).filter((id) => state.pool.has(id));
}

/** What a choice is made from. */
export interface Choice {
  readonly learner: Learner;
  readonly strategy: Strategy;
  readonly candidates: readonly ItemId[];
  readonly labelled: readonly LabelledItem[];
  readonly count: number;
  /** Of every candidate, what it is to be picked together with; left out, each is picked alone. */
  readonly groups?: readonly string[] | undefined;
  /** Gives the same stream every time. */
  readonly ties: () => Random;
  /** Signals to note with the picks besides the strategy's. */
  readonly noted: readonly ScalarSignal[];
  /** When aborted, inferring and selecting stop soon with an `InterruptedError`. */
  readonly signal: AbortSignal | undefined;
  /** `done` of `total` candidates are inferred. */
  readonly onProgress?: InferOptions["onProgress"];
}

/** What was chosen, and what is known of the candidates since. */
export interface Chosen {
  /** Best first, each with the scalar signals the strategy needs and the noted ones. */
  readonly picks: readonly Pick[];
  /** Of the candidates: those that the strategy needs. */
  readonly signals: Signals;
}

/** Chooses `count` of the candidates; where they have groups, whole ones, until there are at least so many. */
export async function choose(choice: Choice): Promise<Chosen> {
  const { strategy, candidates, labelled, noted, onProgress } = choice;
  const needs = inferable(strategy);
  const signals = await infer(choice, candidates, needs, onProgress);
  const ofLabelled = needs.filter((need) => labelledSignals.some((signal) => signal === need));
  const ids = labelled.map(({ id }) => id);
  const reference = { ids, signals: await infer(choice, ids, ofLabelled), ...classesOf(labelled) };
  const pool: Pool = { ids: candidates, signals, labelled: reference };
  const positions = await select(choice, pool);

  const items = Array.from(positions, (position) => candidates[position]!);
  const extra = noted.filter((signal) => !needs.includes(signal));
  const picked: Pool = { ids: items, signals: await infer(choice, items, extra), labelled: pool.labelled };
  const columns = [
    ...scalarSignals.filter((need) => needs.includes(need)).map((need) => column(need, pool, positions)),
    ...extra.map((signal) => column(signal, picked, items.keys())),
  ];
  const picks = items.map((item, i) => ({
    item,
    signals: Object.fromEntries(columns.map(({ signal, values }) => [signal, values[i]!])),
  }));
  return { picks, signals };
}

async function select({ strategy, count, groups, ties, signal }: Choice, pool: Pool): Promise<Uint32Array> {
  const watched = refusingWrong(strategy);
  if (groups === undefined) return await watched.select(pool, count, ties(), signal);
  return await selectWholeGroups({ strategy: watched, pool, random: ties, signal }, groups, { count, of: "items" });
}

/** The class of each item, where labels are classes. */
function classesOf(labelled: readonly LabelledItem[]): { readonly classes?: Uint32Array } {
  const classes = labelled.map(({ label }) => label).filter((label) => typeof label === "number");
  return labelled.length > 0 && classes.length === labelled.length ? { classes: Uint32Array.from(classes) } : {};
}

/** What the learner is asked for so that the strategy's needs are met. Throws a `ForelossError` when none can meet them. */
export function inferable({ name, needs }: Strategy): readonly Signal[] {
  const canInfer = (signal: PoolSignal): signal is Signal => learnerSignals.some((known) => known === signal);
  const lacking = needs.filter((need) => signalsFor([need], canInfer) === null);
  if (lacking.length > 0) {
    throw new ForelossError(
      `strategy "${name}": needs ${lacking.map(orInstead).join(", ")}, which no learner infers; give them to \`select\` yourself, or choose a strategy that needs only ${learnerSignals.join(", ")}`,
    );
  }
  return (signalsFor(needs, canInfer) ?? []).filter(canInfer);
}

/** Nothing is asked of the learner for no items or no signals. */
async function infer(
  { learner, signal }: Choice,
  items: readonly ItemId[],
  wanted: readonly Signal[],
  onProgress?: InferOptions["onProgress"],
): Promise<Signals> {
  return items.length === 0 || wanted.length === 0 ? {} : learner.infer(items, wanted, { signal, onProgress });
}

function column(signal: ScalarSignal, pool: Pool, positions: Iterable<number>) {
  const scores = scoreBy(signal)(pool);
  return { signal, values: Array.from(positions, (position) => scores[position]!) };
}

function refusingWrong(strategy: Strategy): Strategy {
  return {
    ...strategy,
    async select(pool, count, random, signal) {
      const positions = await strategy.select(pool, count, random, signal);
      refuseWrongPositions(strategy.name, positions, count, pool.ids.length);
      return positions;
    },
  };
}

function refuseWrongPositions(name: string, positions: Uint32Array, count: number, candidates: number): void {
  const wrong = (what: string) =>
    new ForelossError(
      `strategy "${name}": select gave ${what}; it must give ${count} different positions below ${candidates}`,
    );
  if (positions.length !== count) throw wrong(`${positions.length} positions`);
  const beyond = positions.find((position) => position >= candidates);
  if (beyond !== undefined) throw wrong(`position ${beyond}`);
  if (new Set(positions).size !== count) throw wrong("a position twice");
}
