// Weight gradients of convolutions on tiles (AMX). The gradient of the result is turned around once, channels by places; the
// source is interleaved in pairs of places once for each column of the kernel, a row of the kernel being only a shift of it.
#pragma once
#include "convolution.h"

namespace foreloss {

/** Whether the weight gradient of this shape is better computed on tiles, here. */
bool weightGradientByTiles(const Convolution& convolution);

Step tileWeightGradient(const Convolution& convolution, StepContext& context);

}  // namespace foreloss
