// Losses per item.
import { logSoftmax, mul, type Node, neg, oneHot, sum } from "../engine/index.ts";

/** Cross-entropy in nats: logits [batch, classes], labels int32 [batch], result [batch]. */
export function crossEntropy(logits: Node, labels: Node): Node {
  const chosen = mul(oneHot(labels, logits.shape[1]!), logSoftmax(logits));
  return neg(sum(chosen, { axes: [1] }));
}
