// Convolutions and their input gradients on tiles (AMX). Pixels are laid out with a margin of zeros once; then every
// tap of the kernel is a product of the same pixels, shifted, and of a slice of the kernel.
#pragma once
#include "convolution.h"

namespace foreloss {

/** Whether this convolution, or its input gradient, is better computed on tiles, here. */
bool forwardByTiles(const Convolution& convolution);
bool inputGradientByTiles(const Convolution& convolution);

Step tileForward(const Convolution& convolution, StepContext& context);
Step tileInputGradient(const Convolution& convolution, StepContext& context);

}  // namespace foreloss
