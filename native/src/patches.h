// Convolutions as one matrix product over patches: for every place the pixels that its window covers, side by side. The library's
// own convolutions are slow on small pictures with many channels, where a patch costs little beside the product.
#pragma once
#include <vector>

#include "convolution.h"

namespace foreloss {

/** For every place of a grid and every tap of a kernel, the pixel that is seen there, or -1 beyond the edge. */
struct Taps {
  int64_t places;
  int64_t taps;
  std::vector<int32_t> pixels;
};

/** Pixels of the source that each place of the result sees. */
Taps tapsOfResult(const Convolution& convolution);
/** Pixels of the result in which each place of the source is seen; for stride 1. */
Taps tapsOfSource(const Convolution& convolution);

/** How a kernel [out, in, height, width] lies with its taps first, then channels of one side as rows, then of the other. */
dnnl::memory::desc tapsFirst(const Dense& weights, bool inputsAreRows, DType dtype);

/** Whether the weight gradient of this shape is better computed over patches. */
bool weightGradientByPatches(const Convolution& convolution);
/** The same for the convolution itself and for its input gradient. */
bool forwardByPatches(const Convolution& convolution);
bool inputGradientByPatches(const Convolution& convolution);

Step patchForward(const Convolution& convolution, StepContext& context);
Step patchInputGradient(const Convolution& convolution, StepContext& context);
Step patchWeightGradient(const Convolution& convolution, StepContext& context);

}  // namespace foreloss
