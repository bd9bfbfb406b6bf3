// A fused element-wise step: one walk over a space of numbers that loads what it needs, does all its arithmetic tile by tile
// while the tile is in the first cache, stores what is wanted and sums over rows on the way. Everything that is not a
// convolution, a matrix product or a look-up is done so: normalisation and its gradient, losses, optimisers, and plain moves.
#pragma once
#include <cstdint>
#include <vector>

#include "dtype.h"
#include "kernels.h"

namespace foreloss {

/** Numbers somewhere in memory, walked with a stride for each dimension of the space (in elements; 0 repeats). */
struct Access {
  char* start;
  DType dtype;
  std::vector<int64_t> strides;
  int32_t reg;
};

struct MicroStep {
  MicroOp op;
  int32_t to, a, b, c;
};

/** Over a space seen as [outer, rows, columns] of its last dimensions' product: sums over rows. */
struct RowSum {
  enum class Kind { sum, moments } kind;
  int32_t reg;
  /** float32 [outer, columns]; for moments [2, columns], mean and population variance. */
  float* to;
};

struct FusedStep {
  /** Extents, outermost first; the last one is the row that kernels work on. */
  std::vector<int64_t> space;
  std::vector<Access> loads;
  std::vector<MicroStep> steps;
  std::vector<Access> stores;
  std::vector<RowSum> sums;
  /** The leading dimensions that sums keep; the last dimension is kept as well, all between are summed over. */
  int32_t keptDimensions = 0;
  int32_t registers = 0;
};

/** Carries the step out on up to `threads` threads. */
void runFused(const FusedStep& step, int threads);

}  // namespace foreloss
