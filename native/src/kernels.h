// The innermost loops: a row of numbers at a time, in float32. They are compiled once for each instruction set (`kernels.cc`),
// and the best one that the processor, and ONEDNN_MAX_CPU_ISA, allow is taken when the addon is loaded.
#pragma once
#include <cstdint>

namespace foreloss {

/** What a fused element-wise step does to rows of numbers; the order is that of `micro-ops.ts`. */
enum class MicroOp : int32_t {
  add,
  sub,
  mul,
  div,
  maximum,
  minimum,
  greater,
  equal,
  select,
  neg,
  exp,
  log,
  sqrt,
  tanh,
  sigmoid,
  relu,
  step,
  truncate,
  isTrue,
  multiplyAdd,
  count
};

/** to[i] = op(a[i], b[i], c[i]); operands that the operation does not take are ignored. `to` may be one of them. */
using RowKernel = void (*)(float* to, const float* a, const float* b, const float* c, int64_t count);

struct Kernels {
  const char* name;
  RowKernel micro[static_cast<int>(MicroOp::count)];
  void (*fromBfloat16)(float* to, const uint16_t* from, int64_t count);
  void (*toBfloat16)(uint16_t* to, const float* from, int64_t count);
  /** sums[c] += the sum over rows of values[r][c]. */
  void (*addColumns)(double* sums, const float* values, int64_t rows, int64_t columns);
  /** The same, and squares[c] += the sum of squares, both of values[r][c] - pivot[c]. */
  void (*addMoments)(double* sums, double* squares, const float* pivot, const float* values, int64_t rows,
                     int64_t columns);
  /**
   * Of the numbers at `offsets` from values + i the largest, the first among equals, becomes given[i], the others 0. What is not a
   * number is larger than all before it.
   */
  void (*routeToLargest)(float* values, const int64_t* offsets, int64_t places, const float* given, int64_t count);
};

/** The kernels for this processor. */
const Kernels& kernels();

/** Whether the processor multiplies bfloat16 itself, by AMX or AVX512-BF16. */
bool multipliesBfloat16();

}  // namespace foreloss
