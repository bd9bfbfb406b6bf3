// Dropout (Srivastava et al. 2014) of whole channels, as is done in convolutional nets (Tompson et al. 2015). A graph draws
// nothing: masks are fed. Several passes with dropout over the same items say how sure a model is (Gal & Ghahramani 2016);
// only the layers behind dropout have to be computed again for each of them.
import type { Random } from "../core/random.ts";
import { type Feeds, input, mul, type Node } from "../engine/index.ts";
import type { Dropout, ModelBuilder } from "./builder.ts";

const maskOf = (place: string) => `${place}.mask`;
const featuresOf = (place: string) => `${place}.features`;

/**
 * Drops channels of x [batch, channels, ...] by a mask that is fed. In training every item has its own; in a pass all items
 * share one, so that a pass is a model like another, and x is fed too. A share of 0 adds nothing to the graph.
 */
export function dropout(b: ModelBuilder, x: Node, share: number): Node {
  if (share === 0) return x;
  const place = b.drop("dropout", { features: x, share });
  if (b.mode === "infer") return x;
  const [batch, channels, ...rest] = x.shape;
  const mask = input(maskOf(place), [b.mode === "pass" ? 1 : batch!, channels!, ...rest.map(() => 1)]);
  return mul(b.mode === "pass" ? input(featuresOf(place), x.shape) : x, mask);
}

/** What dropout sees, as outputs with the names under which a pass takes them. */
export function featureOutputs(dropouts: ReadonlyMap<string, Dropout>): Record<string, Node> {
  return Object.fromEntries([...dropouts].map(([place, { features }]) => [featuresOf(place), features]));
}

/** A mask of `rows` rows for every place: 0 for what is dropped, 1 / (1 - share) for what stays, so that means stay. */
export function drawMasks(dropouts: ReadonlyMap<string, Dropout>, rows: number, random: Random): Feeds {
  const masks = [...dropouts].map(([place, { features, share }]) => {
    const stream = random.stream(place);
    const draw = () => (stream.next() < share ? 0 : 1 / (1 - share));
    return [maskOf(place), Float32Array.from({ length: rows * features.shape[1]! }, draw)] as const;
  });
  return Object.fromEntries(masks);
}
