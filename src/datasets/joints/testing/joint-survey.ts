// For tests: what is read from a folder with joints, in few words.
import { jointsSchema } from "../../../records/recipe-dataset.ts";
import { openDataset } from "../../open-dataset.ts";
import { type JointSurvey, type JointsRecipe, type SurveyedPerson, surveyJoints } from "../survey-joints.ts";

type Options = Partial<Omit<JointsRecipe, "kind">>;

export function survey(root: string, options: Options = {}): Promise<JointSurvey> {
  return surveyJoints(root, jointsSchema.parse({ kind: "joints", ...options }), {});
}

export function open(root: string | null, options: Options = {}) {
  return openDataset(jointsSchema.parse({ kind: "joints", sidePx: 16, ...options }), { dataFolder: root });
}

/** `x y visibility` of every joint by item. */
export function inWords(persons: readonly SurveyedPerson[] | null) {
  const short = (value: number) => Number(value.toFixed(4));
  return Object.fromEntries(
    (persons ?? []).map(({ id, label }) => [
      id,
      label.joints.map(({ x, y, visibility }) => `${short(x)} ${short(y)} ${visibility}`),
    ]),
  );
}

/** `kind where: what` of each fault. */
export function faultLines({ faults }: JointSurvey): string[] {
  return faults.map(({ kind, where, what }) => `${kind} ${where}: ${what}`);
}
