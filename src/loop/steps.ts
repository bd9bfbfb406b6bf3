// A run of cycles as a list of finished steps. Live and resumed runs go through the same `advance`, so a run that is
// taken up again from its steps stands exactly where it was. Order: drawn, answered, then per cycle fitted, picked, answered.
import { ForelossError } from "../core/errors.ts";
import type { ItemId } from "../core/item.ts";
import type { Pick, PoolEntropy } from "../records/results.ts";
import type { FitReport } from "./learner.ts";
import type { Answer } from "./oracle.ts";
import { ignore, label, type PoolState, relabel, restore } from "./pool-state.ts";

/** One finished step. All of it is plain data (if labels are), to be written as one line of JSON. */
export type Step<Label = unknown> =
  /** The initial set was drawn; its labels are to be asked for. Absent when enough was labelled already. */
  | { readonly kind: "drawn"; readonly cycle: 0; readonly ids: readonly ItemId[] }
  /** Answers came; `cycle` is the training that will first use them. */
  | { readonly kind: "answered"; readonly cycle: number; readonly answers: readonly Answer<Label>[] }
  /** The learner was trained; who resumes after this step restores the learner as it was then. */
  | { readonly kind: "fitted"; readonly cycle: number; readonly labels: number; readonly report: FitReport }
  /** Picks were made with the model of this cycle; `wanted` is larger than their number when the pool held no more. */
  | {
      readonly kind: "picked";
      readonly cycle: number;
      readonly wanted: number;
      readonly picks: readonly Pick[];
      /** Wall-clock seconds for inferring signals and selecting. */
      readonly scoreSeconds: number;
      readonly poolEntropy?: PoolEntropy;
    };

export type Phase = "draw" | "answer" | "fit" | "pick";

/** Where a run stands: what comes next, and on what. */
export interface Position<Label = unknown> {
  readonly state: PoolState<Label>;
  readonly cycle: number;
  /** The step to be done next. */
  readonly next: Phase;
  /** The items asked for, while their answers are awaited; else empty. */
  readonly asked: readonly ItemId[];
  /** How many answers came last; null before the first. */
  readonly answers: number | null;
  /** How many labels there would be if every batch had been as large as wanted. */
  readonly budget: number;
}

const phaseOf = { drawn: "draw", answered: "answer", fitted: "fit", picked: "pick" } as const;

/** Where a run over `state` begins: with the initial set when fewer than `initial` items are labelled. */
export function startingPosition<Label>(state: PoolState<Label>, initial: number): Position<Label> {
  const next = state.labelled.size < initial ? "draw" : "fit";
  const budget = Math.max(state.labelled.size, initial);
  return { state, cycle: 0, next, asked: [], answers: null, budget };
}

/** The position after a step. Throws a `ForelossError` when the step does not follow, or its answers do not fit. */
export function advance<Label>(position: Position<Label>, step: Step<Label>): Position<Label> {
  if (phaseOf[step.kind] !== position.next || step.cycle !== position.cycle) {
    throw new ForelossError(
      `steps: "${step.kind}" of cycle ${step.cycle} cannot follow; "${position.next}" of cycle ${position.cycle} is next`,
      { hint: "the saved steps are incomplete or belong to another run; start the run anew" },
    );
  }
  switch (step.kind) {
    case "drawn":
      return { ...position, next: "answer", asked: step.ids };
    case "answered":
      return answered(position, step.answers);
    case "fitted":
      return { ...position, next: "pick" };
    case "picked":
      return {
        ...position,
        ...{ cycle: position.cycle + 1, next: "answer", budget: position.budget + step.wanted },
        asked: step.picks.map((pick) => pick.item),
      };
  }
}

function answered<Label>(position: Position<Label>, answers: readonly Answer<Label>[]): Position<Label> {
  refuseStrays(position, answers);
  const labels = answers.filter((answer) => answer.kind === "label");
  const state = answers.reduce(correct, label(position.state, labels, position.cycle));
  return { ...position, state, next: "fit", asked: [], answers: answers.length };
}

function correct<Label>(state: PoolState<Label>, answer: Answer<Label>): PoolState<Label> {
  switch (answer.kind) {
    case "label":
      return state; // taken all at once before the corrections
    case "relabel":
      return relabel(state, answer);
    case "ignore":
      return ignore(state, answer.id);
    case "restore":
      return restore(state, answer.id);
  }
}

/** An item answered twice has no clear label, and a label nobody asked for is not the strategy's choice. */
function refuseStrays<Label>(position: Position<Label>, answers: readonly Answer<Label>[]): void {
  const asked = new Set(position.asked);
  const seen = new Set<ItemId>();
  for (const { kind, id } of answers) {
    const where = `cycle ${position.cycle}, answers`;
    if (seen.has(id)) throw new ForelossError(`${where}: item "${id}" is answered twice; answer every item once`);
    seen.add(id);
    if (kind === "label" && !asked.has(id)) {
      throw new ForelossError(`${where}: item "${id}" was not asked for; label only the items that were`);
    }
  }
}
