// The long loops of choosing: farthest-first, k-means++ and k-means, on arrays that belong to the caller. They break off after
// some time, or work on a range of rows, so that whoever waits can stop between two calls; all state lies in the arrays. Results
// are those of `src/strategies/kernels/`, bit for bit, whatever the number of threads.
#pragma once
#include <cstdint>

namespace foreloss {

/** `rows` times `columns` numbers, row after row. */
struct Rows {
  const float* values;
  int64_t rows;
  int64_t columns;
  const float* row(int64_t index) const { return values + index * columns; }
};

/** `from` and on, below `to`. */
struct Range {
  int64_t from;
  int64_t to;
};

/** Greedy k-centre. */
struct FarthestFirst {
  Rows own;
  Rows labelled;
  /** [own]: of equally far items that with the lowest is taken. */
  const uint32_t* rank;
  /** [own]: squared distance to the nearest of the centres compared with; -1 for a pick. */
  double* bound;
  /** [own]: how many centres each was compared with: labelled ones first, then picks in their order. */
  uint32_t* compared;
  /** [count], of which the first `made` are there already. */
  uint32_t* picks;
  int64_t made;
  int64_t count;
  int64_t centres() const { return labelled.rows + made; }
};

/** Makes picks for about so many seconds; how many there are now. */
int64_t pickFarthest(FarthestFirst& task, double seconds, int threads);

/** nearest[i]: the least of itself and the squared distance of row i and row `centre`. */
void approachRow(const Rows& points, int64_t centre, double* nearest, Range range, int threads);

/** The same where a point is the outer product of two rows; `lengths` are the squared lengths of these. */
void approachProduct(const Rows& left, const Rows& right, const double* lengths, int64_t centre, double* nearest,
                     Range range, int threads);

/** For each point its nearest centre (of equally near ones that in `nearest`, else the first) and the squared distance. */
void findNearest(const Rows& points, const Rows& centres, uint32_t* nearest, double* distances, Range range, int threads);

/** sums[clusterOf[i]] += points[i], in the order of the points. */
void addToClusters(const Rows& points, const uint32_t* clusterOf, double* sums, Range range, int threads);

}  // namespace foreloss
