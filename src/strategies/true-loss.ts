// True loss: asks for the items the model is most wrong on. A control, not a strategy for use: it looks at labels nobody has given yet.
import { highestBy, scoreBy } from "./scores.ts";
import type { Score, Strategy } from "./strategy.ts";

/** The task's loss against the true label. */
export const scoreByTrueLoss: Score = scoreBy("trueLoss");

export const trueLoss: Strategy = highestBy("true-loss", ["trueLoss"], scoreByTrueLoss);
