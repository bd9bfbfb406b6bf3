#include "scored-centres.h"

#include <dnnl.hpp>

#include <algorithm>
#include <limits>

#include "row-kernels.h"

namespace foreloss {

bool multiplyRows(const Rows& points, const Rows& centres, float* products) {
  return dnnl_success == dnnl_sgemm('N', 'T', points.rows, centres.rows, points.columns, 1, points.values, points.columns,
                                    centres.values, points.columns, 0, products, centres.rows);
}

ScoredCentres::ScoredCentres(const Rows& centres) : centres_(centres), halves_(centres.rows) {
  for (int64_t k = 0; k < centres.rows; k++) {
    const double squared = rowKernels().dot(centres.row(k), centres.row(k), centres.columns);
    halves_[k] = static_cast<float>(squared / 2);
    longest_ = std::max(longest_, std::sqrt(squared));
  }
}

double ScoredCentres::error(double length) const {
  if (length > 1e15 || longest_ > 1e15) return std::numeric_limits<double>::infinity();
  return (static_cast<double>(centres_.columns) + 8) * 6e-8 * (length + longest_) * longest_ + 1e-30;
}

int64_t ScoredCentres::atMost(double score, const float* products, uint32_t* to) const {
  // Rounded up, so that none is lost.
  const float most = std::nextafter(static_cast<float>(score), std::numeric_limits<float>::infinity());
  return rowKernels().scoresAtMost(halves_.data(), products, centres_.rows, most, to);
}

float ScoredCentres::least(const float* products) const {
  return rowKernels().leastScore(halves_.data(), products, centres_.rows);
}

double lengthOf(const float* row, int64_t columns) { return std::sqrt(rowKernels().dot(row, row, columns)); }

}  // namespace foreloss
