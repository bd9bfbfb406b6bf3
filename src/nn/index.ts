// Building networks: layers on a builder, losses, the optimiser and its schedules, weights in and out.
export {
  type BuilderMode,
  type BuiltModel,
  countParameters,
  createBuilder,
  type Dropout,
  type ModelBuilder,
  type ModelEntry,
} from "./builder.ts";
export { drawMasks, dropout, featureOutputs } from "./dropout.ts";
export { fill, heNormal, type Initialiser, uniformByInputs } from "./initialise.ts";
export { batchNormalisation, type ConvolutionOptions, convolution, linear } from "./layers.ts";
export { crossEntropy } from "./losses.ts";
export { type RmspropOptions, rmspropStep, type SgdOptions, type Step, sgdStep, withAverage } from "./optimiser.ts";
export { decodeSafetensors, encodeSafetensors, readSafetensors, type Safetensors } from "./safetensors.ts";
export { learningRateAt, type Schedule } from "./schedule.ts";
