// Convolution and its two gradients. Pictures lie channels last, kernels [out, in, height, width] in float32.
#pragma once
#include <dnnl.hpp>
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

/** Whether the result is to be added to what lies in its place. */
inline bool addsInPlace(const Convolution& c) { return c.residual && c.residual->data == c.result.data; }

/** What follows a convolution in the library's terms; `residual` is how the result, and so the residual, is described. */
dnnl::primitive_attr epilogueOf(const Convolution& convolution, const dnnl::memory::desc& residual);

/** The name of the library's implementation is added to `implementation`, for profiles. */
Step convolutionForward(const Convolution& convolution, StepContext& context, std::string& implementation);

/** `source` is what is computed, `result` the gradient that is given. */
Step convolutionInputGradient(const Convolution& convolution, StepContext& context, std::string& implementation);

/** `weights` is what is computed, `result` the gradient that is given. */
Step convolutionWeightGradient(const Convolution& convolution, StepContext& context, std::string& implementation);

}  // namespace foreloss
