// Rows of numbers between memory, in whatever type and however far apart, and the tiles that fused steps work on.
#pragma once
#include <cstdint>

#include "dtype.h"

namespace foreloss {

/** `count` numbers in memory, `stride` elements apart; 0 repeats one number. */
struct RowInMemory {
  char* start;
  DType dtype;
  int64_t stride;
  int64_t count;
};

/** Into float32, `toStride` apart. */
void loadRow(float* to, int64_t toStride, const RowInMemory& from);

/** From float32, `fromStride` apart; rounds to the nearest, cuts off what an integer cannot hold. */
void storeRow(const RowInMemory& to, const float* from, int64_t fromStride);

}  // namespace foreloss
