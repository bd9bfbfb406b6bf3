// The loss of a person: squared error of its heat maps, averaged over pixels and over the joints that have a label, summed
// over the stacks. A joint without a label counts nothing, and a person without any has loss 0.
import { add, mean, mul, type Node, square, sub, sum } from "../../engine/index.ts";
import type { HeatMaps } from "./heat-maps.ts";

/** What the heat maps of a batch should be. */
export interface PoseTargets {
  /** [batch, joints, height, width] */
  readonly heatMaps: Float32Array;
  /** [batch, joints]: 1 / (labelled joints of the person), or 0 where a joint has no label; each person's sum to 1 or 0. */
  readonly shares: Float32Array;
}

/** [batch] from the heat maps of each stack [batch, joints, height, width], what they should be, and shares [batch, joints]. */
export function heatMapLoss(stacks: readonly Node[], targets: Node, shares: Node): Node {
  const perStack = stacks.map((maps) => {
    const errors = mean(square(sub(maps, targets)), { axes: [2, 3] });
    return sum(mul(errors, shares), { axes: [1] });
  });
  return perStack.reduce((total, loss) => add(total, loss));
}

/** The same loss of inferred heat maps. */
export function heatMapLosses(stacks: readonly HeatMaps[], targets: PoseTargets): Float32Array {
  const [{ count, joints, width, height }] = stacks as [HeatMaps];
  const area = width * height;
  const losses = new Float64Array(count);
  for (const { values } of stacks) {
    for (let row = 0; row < count * joints; row++) {
      const share = targets.shares[row]!;
      if (share === 0) continue;
      let squares = 0;
      for (let i = row * area; i < (row + 1) * area; i++) squares += (values[i]! - targets.heatMaps[i]!) ** 2;
      losses[Math.floor(row / joints)]! += (share * squares) / area;
    }
  }
  return Float32Array.from(losses);
}
