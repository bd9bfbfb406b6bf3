// What a call that carries out a recipe is told beside the recipe.
import type { Dataset } from "../../datasets/dataset.ts";
import type { Results } from "../../records/results.ts";
import type { RunEvent } from "./events.ts";
import type { LearnerFactory } from "./work.ts";

export interface RunOptions {
  /** Where the run is kept; made when it is not there. */
  readonly folder: string;
  readonly dataset: Dataset<unknown>;
  readonly createLearner: LearnerFactory;
  /** Name of the task's metric, e.g. `accuracy`. */
  readonly metric: string;
  /** What does the arithmetic. A run is taken up again only by the same. */
  readonly engine: Results["engine"];
  /** For the record: version of Foreloss, the command as typed, and the machine in words. */
  readonly foreloss: string;
  readonly command: string;
  readonly machine: string;
  /** Arms and seeds worked on at a time; the outcome is the same whatever it is. */
  readonly jobs?: number;
  /** Only these arms and seeds of the recipe; all that the folder has from earlier calls stays. */
  readonly armNames?: readonly string[] | undefined;
  readonly seeds?: readonly number[] | undefined;
  /** Delete the run that is in the folder and begin anew. */
  readonly fresh?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: (event: RunEvent) => void;
  /**
   * Takes the results when the work of this call ends, however it ends: finished, interrupted or failed. The folder is
   * still held by this process.
   */
  readonly onResults?: (results: Results) => Promise<void>;
}
