// How every operation is written in ONNX.
import { convolutionLowerings } from "./convolution.ts";
import { elementwiseLowerings } from "./elementwise.ts";
import { layoutLowerings } from "./layout.ts";
import type { ComputedOp, Lowerings } from "./lowering.ts";
import { pictureLowerings } from "./pictures.ts";

export const lowerings: Lowerings<ComputedOp> = {
  ...elementwiseLowerings,
  ...layoutLowerings,
  ...convolutionLowerings,
  ...pictureLowerings,
};
