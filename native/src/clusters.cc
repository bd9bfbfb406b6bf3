// k-means++ and k-means. The nearest centre comes out of a product of matrices in float32, whose error is bounded; centres that
// may be nearest within that bound, few of them, are told apart by exact distances.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "choosing.h"
#include "row-kernels.h"
#include "scored-centres.h"
#include "threads.h"

namespace foreloss {
namespace {

/** Numbers of one product: it stays in the caches. */
constexpr int64_t numbersInTile = 1 << 19;
constexpr int64_t rowsInTurn = 256;

/** Four rows from `first`, of which those from `end` on are the last one again. */
struct FourRows {
  const float* rows[4];

  FourRows(const Rows& points, int64_t first, int64_t end) {
    for (int64_t k = 0; k < 4; k++) rows[k] = points.row(std::min(first + k, end - 1));
  }
};

/** Calls `work(first, end)` for four rows at a time of the range, or what is left of it, in threads. */
template <class Work>
void byFours(Range range, int threads, const Work& work) {
  std::atomic<int64_t> next{range.from};
  inParallel(threads, [&](int) {
    for (int64_t turn = next.fetch_add(rowsInTurn); turn < range.to; turn = next.fetch_add(rowsInTurn)) {
      const int64_t end = std::min(range.to, turn + rowsInTurn);
      for (int64_t first = turn; first < end; first += 4) work(first, std::min(end, first + 4));
    }
  });
}

/** Squared distance of two outer products of rows, out of their squared lengths and inner products in float32. */
struct ProductDistance {
  double length, other;
  float left, right;

  /** What it is at least. By Cauchy and Schwarz no inner product is larger than both lengths, nor its error than a share of them. */
  double least(int64_t leftColumns, int64_t rightColumns) const {
    const double share = static_cast<double>(screenError(leftColumns)) + screenError(rightColumns) + 1e-12;
    const double lost = 1e-37 * static_cast<double>(leftColumns + rightColumns);  // of terms too small for float32
    const double error = 1.1 * share * std::sqrt(length * other) + lost * (std::abs(left) + std::abs(right) + 1);
    const double distance = length + other - 2 * (static_cast<double>(left) * right + error);
    return distance - 1e-12 * (length + other);
  }
};

/** Points `from` and on against all centres: their nearest, and how far it is. */
class Turn {
 public:
  Turn(const ScoredCentres& scored, const Rows& points, const Rows& centres, uint32_t* nearest, double* distances)
      : scored_(scored), points_(points), centres_(centres), nearest_(nearest), distances_(distances), maybe_(centres.rows) {}

  /** Tells the centres apart that may be the nearest to a point. */
  void settle(int64_t row, const float* products) {
    const float* point = points_.row(row);
    const auto distance = [&](int64_t k) { return rowKernels().squaredDistance(point, centres_.row(k), points_.columns); };
    const double enough = scored_.least(products) + 2 * scored_.error(lengthOf(point, points_.columns));
    const int64_t count = scored_.atMost(enough, products, maybe_.data());
    uint32_t best = nearest_[row];
    double shortest = distance(best);
    for (int64_t i = 0; i < count; i++) {
      const uint32_t k = maybe_[i];
      if (k == nearest_[row]) continue;
      const double squared = distance(k);
      if (squared < shortest) {
        best = k;
        shortest = squared;
      }
    }
    nearest_[row] = best;
    distances_[row] = shortest;
  }

 private:
  const ScoredCentres& scored_;
  const Rows& points_;
  const Rows& centres_;
  uint32_t* nearest_;
  double* distances_;
  std::vector<uint32_t> maybe_;
};

}  // namespace

void approachRow(const Rows& points, int64_t centre, double* nearest, Range range, int threads) {
  byFours(range, threads, [&](int64_t first, int64_t end) {
    const FourRows four(points, first, end);
    float about[4];
    rowKernels().screen(about, points.row(centre), four.rows, points.columns);
    bool isFar = true;
    for (int64_t i = first; i < end; i++) isFar = isFar && isNoLess(about[i - first], points.columns, nearest[i]);
    if (isFar) return;
    double distances[4];
    rowKernels().squaredDistances(distances, points.row(centre), four.rows, points.columns);
    for (int64_t i = first; i < end; i++) nearest[i] = std::min(nearest[i], distances[i - first]);
  });
}

void approachProduct(const Rows& left, const Rows& right, const double* lengths, int64_t centre, double* nearest,
                     Range range, int threads) {
  byFours(range, threads, [&](int64_t first, int64_t end) {
    const FourRows fourLeft(left, first, end), fourRight(right, first, end);
    float aboutLeft[4], aboutRight[4];
    rowKernels().screenDots(aboutLeft, left.row(centre), fourLeft.rows, left.columns);
    rowKernels().screenDots(aboutRight, right.row(centre), fourRight.rows, right.columns);
    bool isFar = true;
    for (int64_t i = first; i < end; i++) {
      const ProductDistance about{lengths[i], lengths[centre], aboutLeft[i - first], aboutRight[i - first]};
      isFar = isFar && about.least(left.columns, right.columns) >= nearest[i];
    }
    if (isFar) return;
    double ofLeft[4], ofRight[4];
    rowKernels().dots(ofLeft, left.row(centre), fourLeft.rows, left.columns);
    rowKernels().dots(ofRight, right.row(centre), fourRight.rows, right.columns);
    for (int64_t i = first; i < end; i++) {
      const double inner = ofLeft[i - first] * ofRight[i - first];
      nearest[i] = std::min(nearest[i], std::max(0.0, lengths[i] + lengths[centre] - 2 * inner));
    }
  });
}

void findNearest(const Rows& points, const Rows& centres, uint32_t* nearest, double* distances, Range range,
                 int threads) {
  const ScoredCentres scored(centres);
  const int64_t tile = std::max<int64_t>(1, numbersInTile / centres.rows);
  useThreads(threads);
  std::vector<float> products(std::min(tile, range.to - range.from) * centres.rows);
  for (int64_t from = range.from; from < range.to; from += tile) {
    const int64_t count = std::min(tile, range.to - from);
    if (!multiplyRows({points.row(from), count, points.columns}, centres, products.data()))
      throw std::runtime_error("oneDNN could not multiply");
    inParallel(threads, [&](int part) {
      Turn turn(scored, points, centres, nearest, distances);
      for (int64_t i = startOfPart(count, part, threads); i < startOfPart(count, part + 1, threads); i++)
        turn.settle(from + i, products.data() + i * centres.rows);
    });
  }
}

/** Every thread has columns of its own, so that no sum depends on how many threads there are. */
void addToClusters(const Rows& points, const uint32_t* clusterOf, double* sums, Range range, int threads) {
  const int64_t columns = points.columns;
  inParallel(threads, [&](int part) {
    const int64_t end = startOfPart(columns, part + 1, threads);
    for (int64_t i = range.from; i < range.to; i++)
      for (int64_t d = startOfPart(columns, part, threads); d < end; d++)
        sums[clusterOf[i] * columns + d] += points.row(i)[d];
  });
}

}  // namespace foreloss
