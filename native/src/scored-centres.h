// Which of several centres may be nearest to a point, by a product of matrices in float32 whose error is bounded. What is left
// is told apart by exact distances, so that the result is that of comparing with all of them.
#pragma once
#include <cmath>
#include <cstdint>
#include <vector>

#include "choosing.h"

namespace foreloss {

/** products[i * centres.rows + k] = points row i . centres row k, in float32; false when there was no memory for it. */
[[nodiscard]] bool multiplyRows(const Rows& points, const Rows& centres, float* products);

/** Centres with what the scores |c|^2 / 2 - x.c need, which are in the order of the distances from x. */
class ScoredCentres {
 public:
  explicit ScoredCentres(const Rows& centres);

  /** A bound of the error of the score of a point of this length: rounding of the product's sum in any order, and the rest. */
  double error(double length) const;

  /** The centres whose score is at most this, in their order, into `to`; how many. */
  int64_t atMost(double score, const float* products, uint32_t* to) const;

  /** The least score, as far off as `error` says. */
  float least(const float* products) const;

 private:
  Rows centres_;
  std::vector<float> halves_;
  double longest_ = 0;
};

/** Length of a row. */
double lengthOf(const float* row, int64_t columns);

}  // namespace foreloss
