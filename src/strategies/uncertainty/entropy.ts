// Entropy sampling: asks for the items whose predicted classes are most spread out (Shannon 1948; Settles 2009, section 3.1).
import { highestBy, scoreBy } from "../scores.ts";
import type { Score, Strategy } from "../strategy.ts";

/** Entropy of the prediction in nats. */
export const scoreByEntropy: Score = scoreBy("entropy");

export const entropy: Strategy = highestBy("entropy", ["entropy"], scoreByEntropy);
