// Learned loss: asks for the items whose predicted loss is highest (Yoo and Kweon 2019, section 3.1).
import { highestBy, scoreBy } from "../scores.ts";
import type { Score, Strategy } from "../strategy.ts";

/** The loss prediction module's output; only its order means anything. */
export const scoreByPredictedLoss: Score = scoreBy("predictedLoss");

export const learnedLoss: Strategy = highestBy("learned-loss", ["predictedLoss"], scoreByPredictedLoss);
