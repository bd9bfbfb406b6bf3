// Least confidence: asks for the items whose likeliest class is least likely (Lewis and Gale 1994).
import { highestBy, scoreBy } from "../scores.ts";
import type { Score, Strategy } from "../strategy.ts";

/** 1 - p1 of the highest class probability, in [0, 1). */
export const scoreByLeastConfidence: Score = scoreBy("leastConfidence");

export const leastConfidence: Strategy = highestBy("least-confidence", ["leastConfidence"], scoreByLeastConfidence);
