// What a run says while it works, for progress bars and lines.
import type { CycleRecord } from "../../records/results.ts";
import type { Overall } from "./time-left.ts";

export interface RunEvent {
  /**
   * `resumed`: the cycles before `cycle` were finished in an earlier session. `draw`: a strategy chooses the first items, for
   * all arms of the seed. `fit`: training goes on. `pick`: the pool is scored. `cycle`: a cycle is finished. `failed`: this
   * arm and seed ended with an error.
   */
  readonly kind: "resumed" | "draw" | "fit" | "pick" | "cycle" | "failed";
  /** Several names joined by ` + ` while a first cycle is trained that these arms share. */
  readonly arm: string;
  readonly seed: number;
  readonly cycle: number;
  /** Cycles this arm and seed has in all. */
  readonly cycles: number;
  /** Models that a cycle trains one after another. */
  readonly members: number;
  /**
   * Training steps of this cycle that are over, of `total`, those of all members; items of the pool that are scored; null where
   * nothing is counted.
   */
  readonly done: number | null;
  readonly total: number | null;
  /** Where everything asked for stands, all arms and seeds together. */
  readonly overall: Overall;
  /** The cycles of this arm and seed, the one just finished last, with `cycle`. */
  readonly records?: readonly CycleRecord[];
  /** What went wrong, with `failed`. */
  readonly problem?: string;
}
