// What follows indices or an order, and sums that no fused step can take along. All on dense row-major memory, but for `reduce`.
#pragma once
#include "step.h"

namespace foreloss {

/** source [outer, extent, inner], indices [count], result [outer, count, inner], all of one type. */
Step gatherEntries(const Dense& source, const Dense& indices, const Dense& result, int64_t axis, StepContext& context);

/** The adjoint: result [outer, extent, inner] is zero but for `values` added where the indices say. */
Step scatterAdd(const Dense& values, const Dense& indices, const Dense& result, int64_t axis, StepContext& context);

/** float32 [count, depth], 1 at the index. */
Step oneHot(const Dense& indices, const Dense& result);

/** uint8: 1 where two int32 tensors of one shape are equal. */
Step equalIntegers(const Dense& a, const Dense& b, const Dense& result);

/** log(softmax) over the rows of float32 [rows, classes]. The library's own is off by some 1e-6 where the result is near 0. */
Step logSoftmax(const Dense& source, const Dense& result, StepContext& context);

/**
 * float32 [rows, length] to the place of each number in its row when that is sorted from the largest down; equal ones stand
 * in the order of the row.
 */
Step rankRows(const Dense& source, const Dense& result, StepContext& context);

/** Numbers of any one type moved as they are, each tensor walked with strides in elements. */
struct Walk {
  char* start;
  std::vector<int64_t> strides;
};
Step moveNumbers(const Walk& from, const Walk& to, const std::vector<int64_t>& space, DType dtype);

/** Sum or maximum over axes: `kept` and `reduced` are extents with the source's strides; the result is dense. */
struct Reduction {
  bool maximum;
  char* source;
  DType dtype;
  std::vector<int64_t> kept, keptStrides, reduced, reducedStrides;
  float* result;
};
Step reduce(const Reduction& reduction, StepContext& context);

}  // namespace foreloss
