// The held-out share of a folder that holds no split of its own: per class, and decided by each picture's id alone.
import { createHash } from "node:crypto";

/** Class index per picture in `labels`, its id in `ids`. */
interface Pictures {
  readonly ids: readonly string[];
  readonly labels: Int32Array;
}

/**
 * Numbers of the pictures held out: of each class the `share` (rounded; at least one, and one is left) whose ids have
 * the smallest SHA-256 with the seed. So the order of the files does not matter, pictures added to one class change
 * nothing in another, and within a class only pictures near the border of the share change sides. Every class needs two pictures.
 */
export function heldOutShare({ ids, labels }: Pictures, share: number, seed: number): Set<number> {
  const byClass = new Map<number, number[]>();
  labels.forEach((label, number) => {
    const members = byClass.get(label) ?? [];
    byClass.set(label, members);
    members.push(number);
  });
  const heldOut = new Set<number>();
  for (const members of byClass.values()) {
    const count = Math.min(members.length - 1, Math.max(1, Math.round(share * members.length)));
    const order = members.map((number) => ({ number, key: draw(ids[number]!, seed) }));
    order.sort((a, b) => (a.key < b.key ? -1 : 1));
    for (const { number } of order.slice(0, count)) heldOut.add(number);
  }
  return heldOut;
}

function draw(id: string, seed: number): string {
  return createHash("sha256").update(`${seed}:${id}`).digest("hex");
}
