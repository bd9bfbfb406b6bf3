// The kernels on tiles. Compiled with the options for AMX, and called only where the processor has it.
#if defined(__GNUC__) && !defined(__clang__)
// GCC takes the deliberately undefined operands in its own header for mistakes.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

#include <cstring>

#include "tiles.h"

namespace foreloss {
namespace {

/** The layout of tile registers as the processor reads it. */
struct alignas(64) Palette {
  uint8_t palette = 1, startRow = 0, reserved[14] = {};
  uint16_t bytesPerRow[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};
const Palette palette;

void configure() { _tile_loadconfig(&palette); }

void release() { _tile_release(); }

/** 8 numbers from each of rows i, i + 8, i + 16, i + 24. */
inline __m512i gathered(const uint16_t* const* rows, int i, int64_t at) {
  const auto eight = [&](int row) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(rows[row] + at)); };
  __m512i all = _mm512_castsi128_si512(eight(i));
  all = _mm512_inserti32x4(all, eight(i + 8), 1);
  all = _mm512_inserti32x4(all, eight(i + 16), 2);
  return _mm512_inserti32x4(all, eight(i + 24), 3);
}

/** 8 numbers from `at` on of 32 rows become 8 rows of 32: squares of 8 x 8 are turned in each quarter of the registers. */
inline void turnEight(uint16_t* to, const uint16_t* const* rows, int64_t at) {
  __m512i r[8], s[8];
  for (int i = 0; i < 8; i++) r[i] = gathered(rows, i, at);
  for (int i = 0; i < 4; i++) {
    s[2 * i] = _mm512_unpacklo_epi16(r[2 * i], r[2 * i + 1]);
    s[2 * i + 1] = _mm512_unpackhi_epi16(r[2 * i], r[2 * i + 1]);
  }
  for (int half = 0; half < 2; half++) {
    for (int i = 0; i < 2; i++) {
      r[4 * half + 2 * i] = _mm512_unpacklo_epi32(s[4 * half + i], s[4 * half + 2 + i]);
      r[4 * half + 2 * i + 1] = _mm512_unpackhi_epi32(s[4 * half + i], s[4 * half + 2 + i]);
    }
  }
  for (int i = 0; i < 4; i++) {
    _mm512_store_si512(to + (2 * i) * tileDepth, _mm512_unpacklo_epi64(r[i], r[4 + i]));
    _mm512_store_si512(to + (2 * i + 1) * tileDepth, _mm512_unpackhi_epi64(r[i], r[4 + i]));
  }
}

void turnTile(uint16_t* to, const uint16_t* const* rows, int64_t at) {
  turnEight(to, rows, at);
  turnEight(to + 8 * tileDepth, rows, at + 8);
}

void turn(uint16_t* to, int64_t distance, const uint16_t* const* rows, int64_t count) {
  int64_t at = 0;
  for (; at + tileSide <= count; at += tileSide, to += distance) turnTile(to, rows, at);
  if (at == count) return;
  alignas(64) uint16_t rest[tileDepth][tileSide] = {};
  const uint16_t* padded[tileDepth];
  for (int64_t i = 0; i < tileDepth; i++) {
    std::memcpy(rest[i], rows[i] + at, (count - at) * sizeof(uint16_t));
    padded[i] = rest[i];
  }
  turnTile(to, padded, 0);
}

inline __m512i thirtyTwo(const uint16_t* from, __mmask32 present) { return _mm512_maskz_loadu_epi16(present, from); }

/** The first `count` of 16 numbers, each in 32 bits. */
inline __m512i sixteen(const uint16_t* from, __mmask16 present) {
  return _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(present, from));
}

void pair(uint16_t* to, int64_t distance, const uint16_t* const* rows, int64_t pairs, int64_t count) {
  int64_t at = 0;
  for (; count - at > tileSide; at += 2 * tileSide, to += 2 * distance) {
    const int64_t left = count - at;
    const auto present = static_cast<__mmask32>(left >= 32 ? ~0u : (1u << left) - 1);
    for (int64_t p = 0; p < pairs; p++) {
      const __m512i a = thirtyTwo(rows[2 * p] + at, present), b = thirtyTwo(rows[2 * p + 1] + at, present);
      _mm512_store_si512(to + p * tileDepth, _mm512_unpacklo_epi16(a, b));
      _mm512_store_si512(to + distance + p * tileDepth, _mm512_unpackhi_epi16(a, b));
    }
  }
  if (at >= count) return;
  const auto present = static_cast<__mmask16>((1u << (count - at)) - 1);
  for (int64_t p = 0; p < pairs; p++) {
    const __m512i a = sixteen(rows[2 * p] + at, present), b = sixteen(rows[2 * p + 1] + at, present);
    _mm512_store_si512(to + p * tileDepth, _mm512_or_si512(a, _mm512_slli_epi32(b, 16)));
  }
}

// Tile registers are named by constants: 0 to 5 are sums, 6 is the shared factor, 7 the other.
#define FOR_COLUMNS(DO)   \
  DO(0);                  \
  if (columns > 1) DO(1); \
  if (columns > 2) DO(2); \
  if (columns > 3) DO(3); \
  if (columns > 4) DO(4); \
  if (columns > 5) DO(5)
#define LOAD_SUMS(i) _tile_loadd(i, sums + (i)*tileSums, 64)
#define CLEAR_SUMS(i) _tile_zero(i)
#define STORE_SUMS(i) _tile_stored(i, sums + (i)*tileSums, 64)
#define MULTIPLY(i)                       \
  do {                                    \
    _tile_loadd(7, b[i] + at, 64);        \
    _tile_dpbf16ps(i, 6, 7);              \
  } while (0)

template <int columns>
void multiplyColumns(float* sums, const uint16_t* a, const uint16_t* const* b, int64_t depth, bool fresh) {
  if (fresh) {
    FOR_COLUMNS(CLEAR_SUMS);
  } else {
    FOR_COLUMNS(LOAD_SUMS);
  }
  for (int64_t at = 0; at < depth * tileNumbers; at += tileNumbers) {
    _tile_loadd(6, a + at, 64);
    FOR_COLUMNS(MULTIPLY);
  }
  FOR_COLUMNS(STORE_SUMS);
}

void multiply(float* sums, const uint16_t* a, const uint16_t* const* b, int64_t columns, int64_t depth, bool fresh) {
  using Multiply = decltype(&multiplyColumns<1>);
  constexpr Multiply known[mostColumns] = {multiplyColumns<1>, multiplyColumns<2>, multiplyColumns<3>,
                                           multiplyColumns<4>, multiplyColumns<5>, multiplyColumns<6>};
  known[columns - 1](sums, a, b, depth, fresh);
}

void spread(uint16_t* to, int64_t distance, int64_t step, const Pixels& pixels, int64_t tiles) {
  for (int64_t tile = 0; tile < tiles; tile++, to += distance) {
    const int64_t left = pixels.present - tile * tileDepth;
    const auto present = static_cast<__mmask32>(left >= 32 ? ~0u : left > 0 ? (1u << left) - 1 : 0u);
    const uint16_t* from = pixels.start + tile * tileDepth;
    for (int64_t i = 0; i < pixels.count; i++)
      _mm512_store_si512(to + i * step, thirtyTwo(from + i * pixels.distance, present));
  }
}

#define MULTIPLY_ROWS(i)                         \
  do {                                           \
    _tile_loadd(7, rows[i] + offsets[k], 64);    \
    _tile_dpbf16ps(i, 7, 6);                     \
  } while (0)

template <int columns>
void multiplyRowsOf(float* sums, const uint16_t* const* rows, const int64_t* offsets, const uint16_t* b,
                    int64_t depth) {
  FOR_COLUMNS(CLEAR_SUMS);
  for (int64_t k = 0; k < depth; k++) {
    _tile_loadd(6, b + k * tileNumbers, 64);
    FOR_COLUMNS(MULTIPLY_ROWS);
  }
  FOR_COLUMNS(STORE_SUMS);
}

void multiplyRows(float* sums, const uint16_t* const* rows, const int64_t* offsets, const uint16_t* b,
                  int64_t count, int64_t depth) {
  using Multiply = decltype(&multiplyRowsOf<1>);
  constexpr Multiply known[mostColumns] = {multiplyRowsOf<1>, multiplyRowsOf<2>, multiplyRowsOf<3>,
                                           multiplyRowsOf<4>, multiplyRowsOf<5>, multiplyRowsOf<6>};
  known[count - 1](sums, rows, offsets, b, depth);
}

void narrow(uint16_t* const* to, int64_t at, const float* first, const float* second, int64_t rows, int64_t count) {
  const auto present = static_cast<__mmask32>(count >= 32 ? ~0u : (1u << count) - 1);
  // Halves of 16 bytes come from one tile and from the other in turn.
  const __m512i order = _mm512_setr_epi64(0, 4, 1, 5, 2, 6, 3, 7);
  for (int64_t row = 0; row < rows; row++) {
    if (to[row] == nullptr) continue;
    const __m512 low = _mm512_load_ps(first + row * tileSide);
    const __m512 high = second == nullptr ? _mm512_setzero_ps() : _mm512_load_ps(second + row * tileSide);
    const auto both = reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(high, low));
    const __m512i ordered = second == nullptr ? both : _mm512_permutexvar_epi64(order, both);
    _mm512_mask_storeu_epi16(to[row] + at, present, ordered);
  }
}

void pick(float* to, const float* from, const int32_t* places, int64_t count) {
  int64_t i = 0;
  for (; i + 16 <= count; i += 16)
    _mm512_storeu_ps(to + i, _mm512_i32gather_ps(_mm512_loadu_si512(places + i), from, sizeof(float)));
  for (; i < count; i++) to[i] = from[places[i]];
}

}  // namespace

extern const TileKernels amxKernels;
const TileKernels amxKernels = {configure, release, turn, pair, multiply, spread, multiplyRows, narrow, pick};

}  // namespace foreloss
