// Division of integers that rounds in a stated direction.
#pragma once
#include <cstdint>

namespace foreloss {

/** The quotient towards minus infinity. */
inline int64_t floorDivide(int64_t a, int64_t b) { return a >= 0 ? a / b : -((b - 1 - a) / b); }
/** The quotient towards infinity. */
inline int64_t ceilDivide(int64_t a, int64_t b) { return -floorDivide(-a, b); }

}  // namespace foreloss
