// Matrix products, pooling and upsampling: what else the library has primitives for.
#pragma once
#include "step.h"

namespace foreloss {

/** result [..., n, m] = a [..., n, k] x b [..., k, m] in float32, with a or b transposed in its last two axes. */
Step matrixProduct(const Dense& a, const Dense& b, const Dense& result, bool transposeA, bool transposeB,
                   StepContext& context);

enum class Pooling { maximum, meanWithPadding, meanWithoutPadding };

struct Pool {
  Pooling kind;
  std::vector<int64_t> kernel;
  Window window;
};

Step poolForward(const Pool& pool, const Dense& source, const Dense& result, StepContext& context);
/** Gradient of a mean. */
Step meanPoolGradient(const Pool& pool, const Dense& given, const Dense& computed, StepContext& context);
/** Gradient of a maximum, which is found anew in `source`. */
Step maxPoolGradient(const Pool& pool, const Dense& source, const Dense& given, const Dense& computed,
                     StepContext& context);

Step upsampleNearest(const Dense& source, const Dense& result, StepContext& context);

}  // namespace foreloss
