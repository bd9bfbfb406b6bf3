// Items against centres, for `farthest-first.cc`: bounds fall to the exact distance of the nearest centre compared with, whatever
// way was taken. A centre that is certainly no nearer than the nearest so far needs no exact distance. That is known from
// distances in float32: of four centres or four items at a time, or of many of both by a product of matrices.
#pragma once
#include <cstdint>
#include <vector>

#include "choosing.h"
#include "scored-centres.h"

namespace foreloss {

/** Items that are compared in turn with so many centres at a time. */
constexpr int64_t itemsInTurn = 512;
constexpr int64_t centresInTurn = 256;

class Comparison {
 public:
  explicit Comparison(FarthestFirst& task);

  /** Compares an item with further centres, below `end`, until its bound is below `floor`; gives the bound. */
  double refresh(int64_t item, double floor, int64_t end);

  /** The same for at most `itemsInTurn` items and the centres of a range; false when no bound was `floor` or more. */
  bool refreshSome(const uint32_t* items, int64_t count, double floor, Range centres);

 private:
  const float* centre(int64_t index) const;
  void settle(int64_t item, int64_t index, float about);
  void measure(int64_t item, int64_t index);
  void refreshByOne(int64_t index);
  bool refreshByProduct(Range centres);
  bool multiplyItems(Range range, const Rows& centres);
  void settleAll(int64_t item, const ScoredCentres& scored, int64_t first, const float* products);
  Rows gathered(Range centres);

  FarthestFirst& task_;
  /** The items at hand. */
  std::vector<uint32_t> items_;
  std::vector<uint32_t> maybe_;
  std::vector<float> rows_;
  std::vector<float> centres_;
  std::vector<float> products_;
};

}  // namespace foreloss
