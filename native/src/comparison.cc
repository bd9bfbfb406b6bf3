#include "comparison.h"

#include <algorithm>

#include "row-kernels.h"

namespace foreloss {
namespace {

/** Items, centres and numbers of each from which, and up to which, a product of matrices is faster. */
constexpr int64_t leastItems = 12;
constexpr int64_t leastCentres = 16;
constexpr int64_t leastColumns = 24;
constexpr int64_t mostColumnsOfProduct = 1 << 14;
/** Items of one product: with the centres they stay in the second cache. */
constexpr int64_t itemsInProduct = 128;

}  // namespace

Comparison::Comparison(FarthestFirst& task) : task_(task) {
  const int64_t columns = task.own.columns;
  items_.reserve(itemsInTurn);
  if (columns < leastColumns || columns > mostColumnsOfProduct) return;
  maybe_.resize(centresInTurn);
  rows_.resize(itemsInProduct * columns);
  centres_.resize(centresInTurn * columns);
  products_.resize(itemsInProduct * centresInTurn);
}

const float* Comparison::centre(int64_t index) const {
  const int64_t labelled = task_.labelled.rows;
  return index < labelled ? task_.labelled.row(index) : task_.own.row(task_.picks[index - labelled]);
}

void Comparison::measure(int64_t item, int64_t index) {
  const double distance = rowKernels().squaredDistance(task_.own.row(item), centre(index), task_.own.columns);
  task_.bound[item] = std::min(task_.bound[item], distance);
}

/** Measures exactly unless the distance in float32 is certainly too large. */
void Comparison::settle(int64_t item, int64_t index, float about) {
  if (!isNoLess(about, task_.own.columns, task_.bound[item])) measure(item, index);
}

double Comparison::refresh(int64_t item, double floor, int64_t end) {
  int64_t next = task_.compared[item];
  while (next < end && task_.bound[item] >= floor) {
    const int64_t count = std::min<int64_t>(4, end - next);
    const float* rows[4];
    float about[4];
    for (int64_t k = 0; k < 4; k++) rows[k] = centre(next + std::min(k, count - 1));
    rowKernels().screen(about, task_.own.row(item), rows, task_.own.columns);
    for (int64_t k = 0; k < count; k++) settle(item, next + k, about[k]);
    next += count;
  }
  task_.compared[item] = static_cast<uint32_t>(next);
  return task_.bound[item];
}

bool Comparison::refreshSome(const uint32_t* items, int64_t count, double floor, Range centres) {
  items_.clear();
  bool going = false;
  for (int64_t i = 0; i < count; i++) {
    if (task_.bound[items[i]] < floor) continue;
    going = true;
    if (task_.compared[items[i]] < centres.to) items_.push_back(items[i]);
  }
  if (centres.to - centres.from == 1) {
    refreshByOne(centres.from);
  } else if (!refreshByProduct(centres)) {
    for (const uint32_t item : items_) refresh(item, floor, centres.to);
  }
  return going;
}

/** Four of the items at a time against a single centre. */
void Comparison::refreshByOne(int64_t index) {
  const auto count = static_cast<int64_t>(items_.size());
  for (int64_t first = 0; first < count; first += 4) {
    const int64_t end = std::min(count, first + 4);
    const float* rows[4];
    float about[4];
    for (int64_t k = 0; k < 4; k++) rows[k] = task_.own.row(items_[std::min(first + k, end - 1)]);
    rowKernels().screen(about, centre(index), rows, task_.own.columns);
    for (int64_t i = first; i < end; i++) {
      settle(items_[i], index, about[i - first]);
      task_.compared[items_[i]] = static_cast<uint32_t>(index + 1);
    }
  }
}

/** Rows of the centres one after the other. */
Rows Comparison::gathered(Range centres) {
  const int64_t columns = task_.own.columns;
  const int64_t count = centres.to - centres.from;
  if (centres.to <= task_.labelled.rows) return {task_.labelled.row(centres.from), count, columns};
  for (int64_t k = 0; k < count; k++) std::copy_n(centre(centres.from + k), columns, centres_.data() + k * columns);
  return {centres_.data(), count, columns};
}

/** All of the items with all of the centres; false when that would not pay. */
bool Comparison::refreshByProduct(Range centres) {
  const auto count = static_cast<int64_t>(items_.size());
  if (rows_.empty() || count < leastItems || centres.to - centres.from < leastCentres) return false;
  const Rows rows = gathered(centres);
  const ScoredCentres scored(rows);
  for (int64_t first = 0; first < count; first += itemsInProduct) {
    const int64_t end = std::min(count, first + itemsInProduct);
    if (!multiplyItems({first, end}, rows)) return false;
    for (int64_t i = first; i < end; i++) {
      settleAll(items_[i], scored, centres.from, products_.data() + (i - first) * rows.rows);
      task_.compared[items_[i]] = static_cast<uint32_t>(centres.to);
    }
  }
  return true;
}

/** Products of the items at hand of a range with all of the centres; false when there was no memory for it. */
bool Comparison::multiplyItems(Range range, const Rows& centres) {
  const int64_t columns = task_.own.columns;
  for (int64_t i = range.from; i < range.to; i++)
    std::copy_n(task_.own.row(items_[i]), columns, rows_.data() + (i - range.from) * columns);
  return multiplyRows({rows_.data(), range.to - range.from, columns}, centres, products_.data());
}

/** Measures those of the centres, the first of which is `first`, that may be nearer to an item than the nearest so far. */
void Comparison::settleAll(int64_t item, const ScoredCentres& scored, int64_t first, const float* products) {
  const double length = lengthOf(task_.own.row(item), task_.own.columns);
  const double error = scored.error(length) + 1e-14 * length * length;
  // |x - c|^2 is |x|^2 and twice the score.
  const double nearer = (task_.bound[item] - length * length) / 2 + error;
  const int64_t found = scored.atMost(std::min(nearer, scored.least(products) + 2 * error), products, maybe_.data());
  for (int64_t k = 0; k < found; k++) measure(item, first + maybe_[k]);
}

}  // namespace foreloss
