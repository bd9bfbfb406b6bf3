// k-means++ and k-means. The nearest centre comes out of a product of matrices in float32, whose error is bounded; centres that
// may be nearest within that bound, few of them, are told apart by exact distances.
#include <dnnl.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "choosing.h"
#include "row-kernels.h"
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

/** The centres with what the scores |c|^2 / 2 - x.c need, which are in the order of the distances. */
struct Scored {
  const Rows& centres;
  std::vector<float> halves;
  double longest = 0;

  explicit Scored(const Rows& centres) : centres(centres), halves(centres.rows) {
    for (int64_t k = 0; k < centres.rows; k++) {
      const double squared = rowKernels().dot(centres.row(k), centres.row(k), centres.columns);
      halves[k] = static_cast<float>(squared / 2);
      longest = std::max(longest, std::sqrt(squared));
    }
  }

  /** How far a score may be off: rounding of a product of this many terms in any order, and of the rest. */
  double error(const float* point) const {
    const double length = std::sqrt(rowKernels().dot(point, point, centres.columns));
    if (length > 1e15 || longest > 1e15) return std::numeric_limits<double>::infinity();
    return (static_cast<double>(centres.columns) + 8) * 6e-8 * (length + longest) * longest + 1e-30;
  }
};

/** Tells the candidates apart. */
void settle(const Scored& scored, const Rows& points, int64_t row, const float* dots, uint32_t* nearest,
            double* distances) {
  const Rows& centres = scored.centres;
  const float* point = points.row(row);
  const auto distance = [&](int64_t k) { return rowKernels().squaredDistance(point, centres.row(k), points.columns); };
  const float least = rowKernels().leastScore(scored.halves.data(), dots, centres.rows);
  const double enough = least + 2 * scored.error(point);
  uint32_t best = nearest[row];
  double shortest = distance(best);
  for (int64_t k = 0; k < centres.rows; k++) {
    if (static_cast<double>(scored.halves[k]) - dots[k] > enough || k == nearest[row]) continue;
    const double squared = distance(k);
    if (squared < shortest) {
      best = static_cast<uint32_t>(k);
      shortest = squared;
    }
  }
  nearest[row] = best;
  distances[row] = shortest;
}

}  // namespace

void approachRow(const Rows& points, int64_t centre, double* nearest, Range range, int threads) {
  byFours(range, threads, [&](int64_t first, int64_t end) {
    double distances[4];
    rowKernels().squaredDistances(distances, points.row(centre), FourRows(points, first, end).rows, points.columns);
    for (int64_t i = first; i < end; i++) nearest[i] = std::min(nearest[i], distances[i - first]);
  });
}

void approachProduct(const Rows& left, const Rows& right, const double* lengths, int64_t centre, double* nearest,
                     Range range, int threads) {
  byFours(range, threads, [&](int64_t first, int64_t end) {
    double ofLeft[4], ofRight[4];
    rowKernels().dots(ofLeft, left.row(centre), FourRows(left, first, end).rows, left.columns);
    rowKernels().dots(ofRight, right.row(centre), FourRows(right, first, end).rows, right.columns);
    for (int64_t i = first; i < end; i++) {
      const double inner = ofLeft[i - first] * ofRight[i - first];
      nearest[i] = std::min(nearest[i], std::max(0.0, lengths[i] + lengths[centre] - 2 * inner));
    }
  });
}

void findNearest(const Rows& points, const Rows& centres, uint32_t* nearest, double* distances, Range range,
                 int threads) {
  const Scored scored(centres);
  const int64_t tile = std::max<int64_t>(1, numbersInTile / centres.rows);
  useThreads(threads);
  std::vector<float> dots(std::min(tile, range.to - range.from) * centres.rows);
  for (int64_t from = range.from; from < range.to; from += tile) {
    const int64_t count = std::min(tile, range.to - from);
    const auto status = dnnl_sgemm('N', 'T', count, centres.rows, points.columns, 1, points.row(from), points.columns,
                                   centres.values, points.columns, 0, dots.data(), centres.rows);
    if (status != dnnl_success) throw std::runtime_error("oneDNN could not multiply");
    inParallel(threads, [&](int part) {
      for (int64_t i = startOfPart(count, part, threads); i < startOfPart(count, part + 1, threads); i++)
        settle(scored, points, from + i, dots.data() + i * centres.rows, nearest, distances);
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
