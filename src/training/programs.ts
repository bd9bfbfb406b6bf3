// The programs of a learner: one training step, and inference. They are the same for every task; the task gives the
// forward pass and the loss per item, the loss prediction module and the optimiser are added here.
import { add, input, mul, type Node, type Program, program } from "../engine/index.ts";
import { modulePairLoss, predictLoss, weightedMean } from "../models/loss-prediction.ts";
import { type BuiltModel, createBuilder, type Dropout, type ModelEntry } from "../nn/builder.ts";
import { featureOutputs } from "../nn/dropout.ts";
import { averagePrefix, rmspropStep, sgdStep, withAverage } from "../nn/optimiser.ts";
import type { LossPredictionRecipe, TrainingRecipe } from "../records/recipe-training.ts";
import type { Forward, Task } from "../tasks/task.ts";

export interface PictureShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** What has to be known to build a learner's programs. */
export interface ProgramOptions<Label> {
  readonly task: Task<Label>;
  readonly picture: PictureShape;
  readonly training: Pick<
    TrainingRecipe,
    "batch" | "momentum" | "nesterov" | "optimiser" | "weightDecay" | "averaging"
  >;
  /** The module's own settings, or null for a model without it. */
  readonly lossPrediction: LossPredictionRecipe | null;
}

export interface TrainProgram {
  readonly program: Program;
  /** Everything the state must hold: model, momenta, averages. */
  readonly entries: ReadonlyMap<string, ModelEntry>;
  /** Where masks are fed. */
  readonly dropouts: ReadonlyMap<string, Dropout>;
}

interface BuiltNet {
  readonly model: BuiltModel;
  readonly forward: Forward;
  readonly predictedLoss: Node | undefined;
}

function pictureInput(batch: number, { channels, height, width }: PictureShape): Node {
  return input("pictures", [batch, channels, height, width], "uint8");
}

/**
 * One training step. Inputs: `pictures` uint8 [batch, channels, height, width], the task's targets, `weights` [batch] (0
 * for padding), the masks of dropout, and the scalars `learningRate`, `moduleGradient` (1 or 0) and `averageDecay` where they are used.
 * Outputs: `loss`, the mean task loss, and `moduleLoss`.
 */
export function trainProgram<Label>(options: ProgramOptions<Label>): TrainProgram {
  const { task, training, lossPrediction } = options;
  const weights = input("weights", [training.batch]);
  const net = buildNet(options, training.batch, lossPrediction === null ? undefined : input("moduleGradient", []));
  const perItem = task.perItemLoss(net.forward.outputs, task.targetInputs(training.batch));
  const loss = weightedMean(perItem, weights);
  const outputs: Record<string, Node> = { loss };
  let objective = loss;
  if (lossPrediction !== null && net.predictedLoss !== undefined) {
    const { loss: kind, margin, lambda } = lossPrediction;
    outputs.moduleLoss = modulePairLoss(net.predictedLoss, perItem, weights, { kind, margin });
    objective = add(loss, mul(outputs.moduleLoss, lambda));
  }
  const stepOf = training.optimiser === "rmsprop" ? rmspropStep : sgdStep;
  const plain = stepOf(objective, net.model, { ...training, smoothing: 0.99, learningRate: input("learningRate", []) });
  const step = training.averaging === null ? plain : withAverage(plain, net.model, input("averageDecay", []));
  return {
    program: program({ name: "train", outputs, updates: step.updates }),
    entries: new Map([...net.model.entries, ...step.entries]),
    dropouts: net.model.dropouts,
  };
}

function buildNet<Label>(options: ProgramOptions<Label>, batch: number, gradientShare: Node | undefined): BuiltNet {
  const model = createBuilder("train");
  const forward = options.task.forward(model.builder, pictureInput(batch, options.picture));
  const predictedLoss =
    gradientShare === undefined ? undefined : predictLoss(model.builder, forward.maps, { gradientShare });
  return { model, forward, predictedLoss };
}

export interface InferProgramOptions<Label> {
  readonly task: Task<Label>;
  readonly picture: PictureShape;
  readonly batch: number;
  readonly withModule: boolean;
  /** Take the averaged weights. */
  readonly averaged: boolean;
  /** Give what dropout sees, too, for `passProgram`. */
  readonly withFeatures?: boolean;
}

/** Inference: `pictures` to the task's outputs, `embedding`, and `predictedLoss` where there is a module. */
export function inferProgram<Label>(options: InferProgramOptions<Label>): Program {
  const { task, picture, batch, withModule, averaged, withFeatures = false } = options;
  const model = createBuilder("infer", averaged ? averagePrefix : "");
  const forward = task.forward(model.builder, pictureInput(batch, picture));
  const module = withModule ? { predictedLoss: predictLoss(model.builder, forward.maps) } : {};
  const features = withFeatures ? featureOutputs(model.dropouts) : {};
  return program({
    name: "infer",
    outputs: { ...forward.outputs, embedding: forward.embedding, ...module, ...features },
  });
}

/** The layers behind dropout once more: what it sees, as `inferProgram` gives it, and masks to the task's outputs. */
export function passProgram<Label>(options: Omit<InferProgramOptions<Label>, "withModule" | "withFeatures">): Program {
  const { task, picture, batch, averaged } = options;
  const { builder } = createBuilder("pass", averaged ? averagePrefix : "");
  return program({ name: "pass", outputs: task.forward(builder, pictureInput(batch, picture)).outputs });
}
