// The row kernels of one instruction set, in vectors of the compiler's own; to be compiled without contraction to fused operations.
#include "row-kernels.h"

#include <cstring>
#include <limits>

namespace foreloss {
namespace {

typedef float Floats __attribute__((vector_size(64)));    // 16
typedef float HalfFloats __attribute__((vector_size(32)));  // 8
typedef double Doubles __attribute__((vector_size(64)));  // 8

constexpr int64_t lanes = 8;
constexpr int64_t floatLanes = 16;

template <class Vector>
inline void load(Vector& to, const float* from) {
  std::memcpy(&to, from, sizeof to);
}

/** Eight numbers as float64, zeros from `count` on. */
inline void widen(Doubles& to, const float* from, int64_t count) {
  HalfFloats narrow = {};
  if (count >= lanes) {
    load(narrow, from);
  } else {
    float padded[lanes] = {};
    for (int64_t i = 0; i < count; i++) padded[i] = from[i];
    load(narrow, padded);
  }
  to = __builtin_convertvector(narrow, Doubles);
}

inline double sumOf(const Doubles& s) { return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7])); }

/** to[k]: the sum over columns of the term of `row` and others[k]. Several at a time need not wait for each other's sums. */
template <int count, class Term>
inline void summed(double* to, const float* row, const float* const* others, int64_t columns, const Term& term) {
  Doubles sums[count] = {};
  const auto add = [&](int64_t at, int64_t left) {
    Doubles x;
    widen(x, row + at, left);
    for (int k = 0; k < count; k++) {
      Doubles y;
      widen(y, others[k] + at, left);
      sums[k] += term(x, y);
    }
  };
  const int64_t blocks = columns - columns % lanes;
  for (int64_t i = 0; i < blocks; i += lanes) add(i, lanes);
  if (blocks < columns) add(blocks, columns - blocks);
  for (int k = 0; k < count; k++) to[k] = sumOf(sums[k]);
}

// Of a type of their own each, so that they become part of the loop.
constexpr auto squaredDifference = [](const Doubles& x, const Doubles& y) {
  const Doubles apart = x - y;
  return apart * apart;
};
constexpr auto product = [](const Doubles& x, const Doubles& y) { return x * y; };

double squaredDistance(const float* a, const float* b, int64_t columns) {
  double sum;
  summed<1>(&sum, a, &b, columns, squaredDifference);
  return sum;
}

double dot(const float* a, const float* b, int64_t columns) {
  double sum;
  summed<1>(&sum, a, &b, columns, product);
  return sum;
}

void squaredDistances(double* to, const float* row, const float* const* others, int64_t columns) {
  summed<4>(to, row, others, columns, squaredDifference);
}

void dots(double* to, const float* row, const float* const* others, int64_t columns) {
  summed<4>(to, row, others, columns, product);
}

/** The same in float32, in any order; `term` takes vectors and single numbers. */
template <class Term>
inline void aboutSummed(float* to, const float* row, const float* const* others, int64_t columns, const Term& term) {
  Floats sums[4] = {};
  int64_t i = 0;
  for (; i + floatLanes <= columns; i += floatLanes) {
    Floats x;
    load(x, row + i);
    for (int k = 0; k < 4; k++) {
      Floats y;
      load(y, others[k] + i);
      sums[k] += term(x, y);
    }
  }
  for (int k = 0; k < 4; k++) {
    float sum = 0;
    for (int64_t lane = 0; lane < floatLanes; lane++) sum += sums[k][lane];
    for (int64_t rest = i; rest < columns; rest++) sum += term(row[rest], others[k][rest]);
    to[k] = sum;
  }
}

void screen(float* to, const float* row, const float* const* others, int64_t columns) {
  aboutSummed(to, row, others, columns, [](const auto& x, const auto& y) {
    const auto apart = x - y;
    return apart * apart;
  });
}

void screenDots(float* to, const float* row, const float* const* others, int64_t columns) {
  aboutSummed(to, row, others, columns, [](const auto& x, const auto& y) { return x * y; });
}

float leastScore(const float* halves, const float* dots, int64_t count) {
  const float most = std::numeric_limits<float>::infinity();
  float least = most;
  int64_t k = 0;
  if (count >= floatLanes) {
    Floats low = most + Floats{};
    for (; k + floatLanes <= count; k += floatLanes) {
      Floats half, product;
      load(half, halves + k);
      load(product, dots + k);
      const Floats score = half - product;
      low = score < low ? score : low;
    }
    for (int64_t lane = 0; lane < floatLanes; lane++) least = low[lane] < least ? low[lane] : least;
  }
  for (; k < count; k++) least = halves[k] - dots[k] < least ? halves[k] - dots[k] : least;
  return least;
}

int64_t scoresAtMost(const float* halves, const float* dots, int64_t count, float most, uint32_t* to) {
  int64_t found = 0;
  const auto look = [&](int64_t from, int64_t end) {
    for (int64_t k = from; k < end; k++)
      if (!(halves[k] - dots[k] > most)) to[found++] = static_cast<uint32_t>(k);
  };
  int64_t k = 0;
  for (; k + floatLanes <= count; k += floatLanes) {
    Floats half, product;
    load(half, halves + k);
    load(product, dots + k);
    const auto above = half - product > most;
    int all = -1;
    for (int64_t lane = 0; lane < floatLanes; lane++) all &= above[lane];
    if (all == 0) look(k, k + floatLanes);
  }
  look(k, count);
  return found;
}

}  // namespace

extern const RowKernels FORELOSS_KERNELS;
const RowKernels FORELOSS_KERNELS = {squaredDistance, dot, squaredDistances, dots, screen, screenDots, leastScore, scoresAtMost};

}  // namespace foreloss
