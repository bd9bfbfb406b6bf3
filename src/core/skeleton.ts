// The joints of a data set: their names, which pairs swap in a mirror, which are joined by a bone.
import { ForelossError } from "./errors.ts";

export interface Skeleton {
  /** In the order of every label's joints. */
  readonly jointNames: readonly string[];
  /** Pairs of joint positions that a line joins when a person is drawn. */
  readonly bones: readonly (readonly [number, number])[];
  /** For each joint the one it becomes in a mirror: left and right swapped, others themselves. */
  readonly mirrorOf: readonly number[];
}

/**
 * A skeleton whose sides are told by the names, `left_knee` and `right_knee`, or by `swaps`, which joint each becomes in a
 * mirror. `where` opens the message of a `ForelossError`.
 */
export function skeletonOf(
  jointNames: readonly string[],
  bones: readonly (readonly [number, number])[],
  where: string,
  swaps?: readonly number[],
): Skeleton {
  const twice = jointNames.find((name, i) => jointNames.indexOf(name) !== i);
  if (twice !== undefined) throw new ForelossError(`${where}: two joints are named "${twice}"`);
  const astray = bones.find((bone) => bone.some((joint) => !(joint in jointNames)));
  if (astray !== undefined) {
    throw new ForelossError(`${where}: a bone joins joints ${astray.join(" and ")} of ${jointNames.length}`);
  }
  return { jointNames, bones, mirrorOf: swaps ?? mirrorOf(jointNames, where) };
}

/** `left` and `right` (or `l`, `r`) as a word of a name: at its start or end or between other signs, or before a capital. */
const side = /(?<![A-Za-z])(left|right|l|r|Left|Right|L|R)(?![a-z])/;
const otherSide: Readonly<Record<string, string>> = {
  ...{ left: "right", right: "left", l: "r", r: "l" },
  ...{ Left: "Right", Right: "Left", L: "R", R: "L" },
};

function mirrorOf(jointNames: readonly string[], where: string): number[] {
  return jointNames.map((name, own) => {
    const other = name.replace(side, (word) => otherSide[word]!);
    const position = other === name ? own : jointNames.indexOf(other);
    if (position >= 0) return position;
    throw new ForelossError(`${where}: joint "${name}" has no counterpart "${other}" to swap with in a mirror`, {
      hint: "Name joints of the two sides alike but for left and right (left_knee, right_knee).",
    });
  });
}
