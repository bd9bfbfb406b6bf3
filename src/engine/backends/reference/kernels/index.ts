// The kernel of every operation.
import { elementwiseKernels } from "./elementwise.ts";
import type { ComputedOp, Kernels } from "./kernel.ts";
import { layoutKernels } from "./layout.ts";
import { linearKernels } from "./linear.ts";
import { pictureKernels } from "./pictures.ts";
import { reduceKernels } from "./reduce.ts";

export const kernels: Kernels<ComputedOp> = {
  ...elementwiseKernels,
  ...reduceKernels,
  ...layoutKernels,
  ...linearKernels,
  ...pictureKernels,
};
