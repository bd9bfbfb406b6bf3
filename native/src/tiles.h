// Matrix products in the processor's tile registers (AMX): 16 rows of 64 bytes each, sums in float32. A tile of factors holds 32
// bfloat16 numbers in each of its 16 rows; the other factor holds 16 pairs of rows, the two of a pair interleaved.
#pragma once
#include <cstdint>

namespace foreloss {

/** Rows of a tile, and float32 numbers in a row. */
constexpr int64_t tileSide = 16;
/** Depth of one product of two tiles: what is summed over in one instruction. */
constexpr int64_t tileDepth = 32;
/** bfloat16 numbers in a tile of factors. */
constexpr int64_t tileNumbers = tileSide * tileDepth;
/** float32 numbers in a tile of sums. */
constexpr int64_t tileSums = tileSide * tileSide;
/** So many products that share their first factor are summed at once. */
constexpr int64_t mostColumns = 6;

/** `count` pixels, `distance` numbers apart, of which the first `present` numbers are there. */
struct Pixels {
  const uint16_t* start;
  int64_t count, distance, present;
};

struct TileKernels {
  /** Says how tiles are used; every thread does so before its first product and calls `release` after its last. */
  void (*configure)();
  void (*release)();
  /**
   * Turns 32 rows of numbers around: tile t, `distance` numbers after tile t - 1, gets numbers 16 t to 16 t + 15 of all rows,
   * as its rows. Numbers from `count` on are zero.
   */
  void (*turn)(uint16_t* to, int64_t distance, const uint16_t* const* rows, int64_t count);
  /**
   * Interleaves rows of numbers in pairs, 64 bytes of every tile for each pair; tile t begins `distance` numbers after tile
   * t - 1. Numbers from `count` on are zero. `placeInPairs` says which number lies where.
   */
  void (*pair)(uint16_t* to, int64_t distance, const uint16_t* const* rows, int64_t pairs, int64_t count);
  /** sums[i] += the product of `depth` tiles from `a` and from b[i] on, one after the other; `fresh` sums begin at 0. */
  void (*multiply)(float* sums, const uint16_t* a, const uint16_t* const* b, int64_t columns, int64_t depth, bool fresh);
  /**
   * Copies pixels, 32 numbers at a time: the first 32 go `step` after those of the pixel before, the next 32 `distance` further
   * on, `tiles` times in all. Numbers beyond `present` are zero.
   */
  void (*spread)(uint16_t* to, int64_t distance, int64_t step, const Pixels& pixels, int64_t tiles);
  /** sums[i] = the product of `depth` tiles at rows[i] + offsets[k], and of the tiles from `b` on. */
  void (*multiplyRows)(float* sums, const uint16_t* const* rows, const int64_t* offsets, const uint16_t* b,
                       int64_t count, int64_t depth);
  /**
   * Writes rows of sums as bfloat16, from number `at` of every row of `to` on, where there is such a row. `count` numbers of
   * a row lie in two tiles in the order of `pair`; where `second` is missing, in one.
   */
  void (*narrow)(uint16_t* const* to, int64_t at, const float* first, const float* second, int64_t rows, int64_t count);
  /** to[i] = from[places[i]]. */
  void (*pick)(float* to, const float* from, const int32_t* places, int64_t count);
};

/** Which of `count` numbers lies in column `column` of tile `tile` of what `pair` makes; `count` and more where there is none. */
inline int64_t numberInPairs(int64_t tile, int64_t column, int64_t count) {
  const int64_t start = tile / 2 * 2 * tileSide;
  // A last tile alone keeps the order; two are interleaved in the halves of 16 bytes.
  if (count - start <= tileSide) return start + column;
  return start + column / 4 * 8 + tile % 2 * 4 + column % 4;
}

/** The processor's tile kernels, or nothing where it has no tiles or ONEDNN_MAX_CPU_ISA forbids them. */
const TileKernels* tileKernels();

}  // namespace foreloss
