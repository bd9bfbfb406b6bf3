// The kernels of one instruction set: the compiler's options decide which, FORELOSS_KERNELS names the result.
#include "kernels.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#ifdef __AVX512F__
#include <immintrin.h>
#endif

namespace foreloss {
namespace {

template <class F>
inline void each(float* to, const float* a, const float* b, const float* c, int64_t count, F f) {
#pragma GCC ivdep
  for (int64_t i = 0; i < count; i++) to[i] = f(a[i], b[i], c[i]);
}

// One function an operation; `a` stands in for operands that are not taken, so that every row exists.
#define KERNEL(name, expression)                                                                      \
  void name(float* to, const float* a, const float* b, const float* c, int64_t count) {               \
    each(to, a, b, c, count, [](float x, float y, float z) -> float {                                 \
      (void)y;                                                                                        \
      (void)z;                                                                                        \
      return expression;                                                                              \
    });                                                                                               \
  }
KERNEL(addRows, x + y)
KERNEL(subRows, x - y)
KERNEL(mulRows, x* y)
KERNEL(divRows, x / y)
KERNEL(maximumRows, x > y || x != x ? x : y)
KERNEL(minimumRows, x < y || x != x ? x : y)
KERNEL(greaterRows, x > y ? 1.0f : 0.0f)
KERNEL(equalRows, x == y ? 1.0f : 0.0f)
KERNEL(selectRows, x != 0.0f ? y : z)
KERNEL(negRows, -x)
KERNEL(expRows, std::exp(x))
KERNEL(logRows, std::log(x))
KERNEL(sqrtRows, std::sqrt(x))
KERNEL(tanhRows, std::tanh(x))
KERNEL(sigmoidRows, 1.0f / (1.0f + std::exp(-x)))
KERNEL(reluRows, x > 0.0f || x != x ? x : 0.0f)
KERNEL(stepRows, x > 0.0f ? 1.0f : 0.0f)
KERNEL(truncateRows, std::trunc(x))
KERNEL(isTrueRows, x != 0.0f ? 1.0f : 0.0f)
KERNEL(multiplyAddRows, x* y + z)
#undef KERNEL

void fromBfloat16(float* to, const uint16_t* from, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    const uint32_t bits = static_cast<uint32_t>(from[i]) << 16;
    std::memcpy(to + i, &bits, sizeof bits);
  }
}

/** Rounds to the nearest, to even where two are as near; what is not a number stays so. */
inline uint16_t rounded(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  const uint32_t up = bits + 0x7fffu + ((bits >> 16) & 1u);
  return static_cast<uint16_t>((value != value ? bits | 0x400000u : up) >> 16);
}

void toBfloat16(uint16_t* to, const float* from, int64_t count) {
  int64_t i = 0;
#ifdef __AVX512BF16__
  for (; i + 32 <= count; i += 32) {
    const __m512bh pair = _mm512_cvtne2ps_pbh(_mm512_loadu_ps(from + i + 16), _mm512_loadu_ps(from + i));
    std::memcpy(to + i, &pair, sizeof pair);
  }
#endif
  for (; i < count; i++) to[i] = rounded(from[i]);
}

// Sums of a tile are float32, sums of tiles double: fast, and as good as exact for the sizes of pictures.
constexpr int64_t strip = 32;

void addColumns(double* sums, const float* values, int64_t rows, int64_t columns) {
  for (int64_t start = 0; start < columns; start += strip) {
    const int64_t width = std::min(strip, columns - start);
    float partial[strip] = {};
    if (width == strip) {
      for (int64_t r = 0; r < rows; r++)
        for (int64_t i = 0; i < strip; i++) partial[i] += values[r * columns + start + i];
    } else {
      for (int64_t r = 0; r < rows; r++)
        for (int64_t i = 0; i < width; i++) partial[i] += values[r * columns + start + i];
    }
    for (int64_t i = 0; i < width; i++) sums[start + i] += partial[i];
  }
}

void addMoments(double* sums, double* squares, const float* pivot, const float* values, int64_t rows,
                int64_t columns) {
  for (int64_t start = 0; start < columns; start += strip) {
    const int64_t width = std::min(strip, columns - start);
    float sum[strip] = {};
    float square[strip] = {};
    float middle[strip] = {};
    for (int64_t i = 0; i < width; i++) middle[i] = pivot[start + i];
    const auto take = [&](const float* row, int64_t n) {
      for (int64_t i = 0; i < n; i++) {
        const float apart = row[i] - middle[i];
        sum[i] += apart;
        square[i] += apart * apart;
      }
    };
    for (int64_t r = 0; r < rows; r++) take(values + r * columns + start, width == strip ? strip : width);
    for (int64_t i = 0; i < width; i++) {
      sums[start + i] += sum[i];
      squares[start + i] += square[i];
    }
  }
}

typedef float Floats __attribute__((vector_size(64)));
typedef int32_t Integers __attribute__((vector_size(64)));
constexpr int64_t lanes = sizeof(Floats) / sizeof(float);

/** A vector or what is left of one; written so that the usual case is one move. */
inline void copy(void* to, const void* from, int64_t count) {
  if (count >= lanes) std::memcpy(to, from, sizeof(Floats));
  else std::memcpy(to, from, count * sizeof(float));
}

/** The compiler leaves the comparisons of plain loops one by one, so these are vectors. */
void routeToLargest(float* values, const int64_t* offsets, int64_t places, const float* given, int64_t count) {
  for (int64_t start = 0; start < count; start += lanes) {
    const int64_t left = count - start;
    Floats best = {}, here = {}, gradient = {};
    Integers place = {};
    copy(&best, values + offsets[0] + start, left);
    copy(&gradient, given + start, left);
    for (int64_t p = 1; p < places; p++) {
      copy(&here, values + offsets[p] + start, left);
      const Integers larger = (here > best) | (here != here);
      best = larger ? here : best;
      place = larger ? Integers{} + static_cast<int32_t>(p) : place;
    }
    for (int64_t p = 0; p < places; p++) {
      const Floats routed = place == static_cast<int32_t>(p) ? gradient : Floats{};
      copy(values + offsets[p] + start, &routed, left);
    }
  }
}

}  // namespace

extern const Kernels FORELOSS_KERNELS;
const Kernels FORELOSS_KERNELS = {
    FORELOSS_KERNELS_NAME,
    {addRows, subRows, mulRows,  divRows,  maximumRows, minimumRows, greaterRows,  equalRows, selectRows,      negRows,
     expRows, logRows, sqrtRows, tanhRows, sigmoidRows, reluRows,    stepRows, truncateRows, isTrueRows, multiplyAddRows},
    fromBfloat16,
    toBfloat16,
    addColumns,
    addMoments,
    routeToLargest,
};

}  // namespace foreloss
