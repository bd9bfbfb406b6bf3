// The models: ResNet-18 for small pictures, single-shot detectors, stacked hourglasses, and the loss prediction module that
// goes on any of them.

export type { SsdOutputs } from "./box-heads.ts";
export { type HourglassOptions, type HourglassOutputs, hourglass } from "./hourglass.ts";
export {
  type LossPredictionOptions,
  type ModuleLossOptions,
  modulePairLoss,
  type PairLoss,
  predictLoss,
} from "./loss-prediction.ts";
export { type ResNetOptions, type ResNetOutputs, resnet18 } from "./resnet.ts";
export { type SsdResNetOptions, ssdResNet, ssdResNetCellsPerSide } from "./ssd-resnet.ts";
export { type Ssd300Options, ssd300, ssd300CellsPerSide } from "./ssd300.ts";
