// Margin sampling: asks for the items whose two likeliest classes are nearest to each other (Scheffer, Decomain and Wrobel 2001).
import { highestBy, scoreBy } from "../scores.ts";
import type { Score, Strategy } from "../strategy.ts";

/** 1 - (p1 - p2) of the two highest class probabilities, in [0, 1]. */
export const scoreByMargin: Score = scoreBy("margin");

export const margin: Strategy = highestBy("margin", ["margin"], scoreByMargin);
