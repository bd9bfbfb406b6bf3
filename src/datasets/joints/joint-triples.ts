// Joints as COCO and YOLO write them: x, y and visibility of one after another, visibility 0 where there is no label.
import type { Joint, Visibility } from "../../core/labels.ts";
import type { Fault } from "../label-folder/faults.ts";
import { noJoint } from "./labelled-person.ts";

/** What is wrong with the visibilities in a list of triples. */
export function visibilityFault(
  triples: readonly number[],
  jointNames: readonly string[],
): Pick<Fault, "kind" | "what"> | undefined {
  const strange = triples.findIndex((value, i) => i % 3 === 2 && ![0, 1, 2].includes(value));
  if (strange < 0) return undefined;
  const name = jointNames[(strange - 2) / 3];
  return { kind: "joint", what: `visibility ${triples[strange]} of ${name}; it is 0, 1 or 2` };
}

export function jointsOf(triples: readonly number[]): Joint[] {
  return Array.from({ length: triples.length / 3 }, (_, j): Joint => {
    const [x, y, visibility] = triples.slice(3 * j, 3 * j + 3) as [number, number, Visibility];
    return visibility === 0 ? noJoint : { x, y, visibility };
  });
}
