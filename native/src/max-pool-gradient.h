// The gradient of max pooling whose windows lie side by side and cover the pictures, which most do: in one walk.
#pragma once
#include "products.h"

namespace foreloss {

/** Whether every pixel is in just one window. */
bool coversOnce(const Pool& pool, const Dense& source, const Dense& given);

/** `given` at the largest number of each window in `source`, the first among equals, and 0 elsewhere; windows as `coversOnce` says. */
Step gradientToLargest(const Pool& pool, const Dense& source, const Dense& given, const Dense& computed,
                       StepContext& context);

}  // namespace foreloss
