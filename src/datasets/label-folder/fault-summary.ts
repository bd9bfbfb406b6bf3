// What is wrong with the labels of a folder, in words: how many faults of each kind, then the first ones with their places.
import { type Fault, type FaultKind, faultKinds } from "./faults.ts";

const mostLines = 10;

/** `Annotations/a.xml:12: the box (3, 5, 900, 20) stands out of its picture of 640 x 480` */
export function faultLine({ where, what }: Fault): string {
  return `${where}: ${what}`;
}

/** `2 boxes without area, 1 unknown class`, and up to ten lines below it. */
export function faultSummary(faults: readonly Fault[]): string {
  const kinds = Object.keys(faultKinds) as FaultKind[];
  const counts = kinds.flatMap((kind) => {
    const count = faults.filter((fault) => fault.kind === kind).length;
    return count === 0 ? [] : [`${count} ${faultKinds[kind][count === 1 ? 0 : 1]}`];
  });
  const lines = faults.slice(0, mostLines).map((fault) => `\n  ${faultLine(fault)}`);
  const more = faults.length > mostLines ? `\n  and ${faults.length - mostLines} more` : "";
  return counts.join(", ") + lines.join("") + more;
}
