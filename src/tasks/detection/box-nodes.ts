// Boxes out of offsets inside a graph, for programs that decode no offsets themselves: what `decodeBox` does, for all priors.
import { add, concat, constant, exp, maximum, minimum, mul, type Node, sliceAxis, sub } from "../../engine/index.ts";
import { centreVariance, sizeVariance } from "./offsets.ts";

/** [batch, priors, 4]: left, top, right, bottom in shares of the picture's sides, out of offsets from the priors. */
export function boxNodes(offsets: Node, priors: Float32Array): Node {
  const ofPriors = (first: number) =>
    constant(
      Float32Array.from({ length: priors.length / 2 }, (_, i) => priors[4 * Math.floor(i / 2) + first + (i % 2)]!),
      [1, priors.length / 4, 2],
    );
  const [centres, sizes] = [ofPriors(0), ofPriors(2)];
  const centre = add(centres, mul(mul(sliceAxis(offsets, 2, 0, 2), centreVariance), sizes));
  const half = mul(mul(exp(mul(sliceAxis(offsets, 2, 2, 4), sizeVariance)), sizes), 0.5);
  return minimum(maximum(concat([sub(centre, half), add(centre, half)], 2), 0), 1);
}
