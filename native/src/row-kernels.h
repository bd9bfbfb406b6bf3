// Arithmetic on rows of float32 numbers, for choosing. What is called exact is summed in float64, in eight lanes and in the order
// of `rows.ts`, without fused operations: compiled and portable code then give the same bits, so the same picks. It is
// compiled once for each instruction set, as the kernels of `kernels.h`.
#pragma once
#include <cstdint>

namespace foreloss {

struct RowKernels {
  /** Exact squared distance of two rows. */
  double (*squaredDistance)(const float* a, const float* b, int64_t columns);
  /** Exact inner product of two rows. */
  double (*dot)(const float* a, const float* b, int64_t columns);
  /** The same of `row` and each of four others. */
  void (*squaredDistances)(double* to, const float* row, const float* const* others, int64_t columns);
  void (*dots)(double* to, const float* row, const float* const* others, int64_t columns);
  /** to[i]: squared distance of `row` and others[i], i < 4, in float32; `screenError` says how far off it may be. */
  void (*screen)(float* to, const float* row, const float* const* others, int64_t columns);
  /** Inner products of `row` and four others in float32, off by at most `screenError` times the lengths of both. */
  void (*screenDots)(float* to, const float* row, const float* const* others, int64_t columns);
  /** The least of halves[k] - dots[k]. */
  float (*leastScore)(const float* halves, const float* dots, int64_t count);
  /** Every k, in their order, for which halves[k] - dots[k] is at most `most` or not a number, into `to`; how many. */
  int64_t (*scoresAtMost)(const float* halves, const float* dots, int64_t count, float most, uint32_t* to);
};

/** The row kernels for this processor. */
const RowKernels& rowKernels();

/** A bound of the relative error of `screen`, for results between 1e-30 and 1e38: no term of the sum is below 0. */
inline float screenError(int64_t columns) { return (static_cast<float>(columns) / 16 + 16) * 1.2e-7f; }

/** Whether a squared distance that `screen` gave is certainly no less than `bound`. */
inline bool isNoLess(float about, int64_t columns, double bound) {
  const bool isInRange = about > 1e-30f && about < 1e38f;
  return isInRange && static_cast<double>(about) * (1 - screenError(columns)) >= bound;
}

}  // namespace foreloss
