// The models: ResNet-18 for small pictures, and the loss prediction module that goes on any of them.
export {
  type LossPredictionOptions,
  type ModuleLossOptions,
  modulePairLoss,
  type PairLoss,
  predictLoss,
} from "./loss-prediction.ts";
export { type ResNetOptions, type ResNetOutputs, resnet18 } from "./resnet.ts";
