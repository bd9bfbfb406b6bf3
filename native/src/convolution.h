// Convolution and its two gradients. Pictures lie channels last, kernels [out, in, height, width] in float32.
#pragma once
#include <optional>

#include "step.h"

namespace foreloss {

struct Convolution {
  Dense source;
  Dense weights;
  Dense result;
  Window window;
  /** The kernel never changes: it is brought into the library's order once. */
  bool constantWeights = false;
  /** float32 [out], added to every place. */
  std::optional<Dense> bias;
  /** Added to the result before relu. */
  std::optional<Dense> residual;
  bool relu = false;
};

/** The name of the library's implementation is added to `implementation`, for profiles. */
Step convolutionForward(const Convolution& convolution, StepContext& context, std::string& implementation);

/** `source` is what is computed, `result` the gradient that is given. */
Step convolutionInputGradient(const Convolution& convolution, StepContext& context, std::string& implementation);

/** `weights` is what is computed, `result` the gradient that is given. */
Step convolutionWeightGradient(const Convolution& convolution, StepContext& context, std::string& implementation);

}  // namespace foreloss
