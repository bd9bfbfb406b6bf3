// Portions of one experiment (other seeds or other arms of the same recipe, run apart) become one again.
import { ForelossError } from "../../core/errors.ts";
import type { ArmResult, Results } from "../../records/results.ts";
import { compareArms } from "../compare.ts";

/**
 * What two results must have in common to be one experiment, as text to be compared: name, data, engine, and the recipe
 * without its seeds and arms.
 */
export function experimentKey(results: Results): string {
  const recipe = results.provenance.recipe;
  const rest =
    typeof recipe === "object" && recipe !== null && !Array.isArray(recipe)
      ? Object.fromEntries(Object.entries(recipe).filter(([field]) => field !== "seeds" && field !== "arms"))
      : recipe;
  return canonical([results.name, results.task, results.metric, results.dataset.digest, results.engine, rest]);
}

/** JSON with the fields of every object in one order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/**
 * One result of several portions, compared anew. Throws a `ForelossError` when they are not of one experiment, when an arm
 * means different things in two of them, and when two of them hold the same arm and seed.
 */
export function mergeResults(portions: readonly Results[]): Results {
  const [first, ...others] = portions;
  if (first === undefined) throw new RangeError("mergeResults: nothing to merge");
  if (others.length === 0) return first;
  for (const other of others) checkSameExperiment(first, other);
  const arms = portions.map((portion) => portion.arms).reduce(joinArms);
  return { ...first, arms, comparison: compareArms(arms), provenance: joinedProvenance(portions) };
}

function checkSameExperiment(first: Results, other: Results): void {
  if (experimentKey(first) === experimentKey(other)) return;
  throw new ForelossError(`${describe(other)} is not of the same experiment as ${describe(first)}`, {
    hint: "runs become one only with the same name, data, engine and recipe (apart from seeds and arms)",
  });
}

function describe(results: Results): string {
  return `run "${results.name}" of ${results.provenance.started}`;
}

function joinArms(left: readonly ArmResult[], right: readonly ArmResult[]): readonly ArmResult[] {
  const joined = left.map((arm) =>
    joinArm(
      arm,
      right.find((other) => other.name === arm.name),
    ),
  );
  return [...joined, ...right.filter((arm) => left.every((other) => other.name !== arm.name))];
}

function joinArm(arm: ArmResult, other: ArmResult | undefined): ArmResult {
  if (other === undefined) return arm;
  for (const field of ["strategy", "lossPrediction", "start", "members"] as const) {
    if (arm[field] === other[field]) continue;
    throw new ForelossError(
      `arm "${arm.name}": ${field} is ${arm[field] ?? 1} in one run and ${other[field] ?? 1} in another`,
      {
        hint: "rename one of the arms, or report the runs apart",
      },
    );
  }
  const twice = arm.seeds.find((seed) => other.seeds.some(({ seed: number }) => number === seed.seed));
  if (twice !== undefined) {
    throw new ForelossError(`arm "${arm.name}", seed ${twice.seed}: in two of the runs`, {
      hint: "leave one of the runs out: counting a seed twice would make the intervals too narrow",
    });
  }
  return { ...arm, seeds: [...arm.seeds, ...other.seeds].sort((a, b) => a.seed - b.seed) };
}

function joinedProvenance(portions: readonly Results[]): Results["provenance"] {
  const all = portions.map((portion) => portion.provenance);
  const joined = (field: "foreloss" | "command" | "machine") => [...new Set(all.map((one) => one[field]))].join("; ");
  const finished = all.map((one) => one.finished);
  return {
    foreloss: joined("foreloss"),
    command: joined("command"),
    machine: joined("machine"),
    started: all.map((one) => one.started).sort()[0]!,
    finished: finished.some((time) => time === null) ? null : finished.sort().at(-1)!,
    recipe: all[0]!.recipe,
  };
}
