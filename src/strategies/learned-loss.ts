// Learned loss: asks for the items whose predicted loss is highest (Yoo and Kweon 2019, section 3.1).
import { highestBy, type Score, scoreBy } from "./scores.ts";
import type { Strategy } from "./strategy.ts";

/** The loss prediction module's output; only its order means anything. */
export const scoreByPredictedLoss: Score = scoreBy("predictedLoss");

export const learnedLoss: Strategy = highestBy("learned-loss", ["predictedLoss"], scoreByPredictedLoss);
