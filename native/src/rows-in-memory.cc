#include "rows-in-memory.h"

#include <algorithm>
#include <cstring>

#include "kernels.h"

namespace foreloss {
namespace {

/** A number of that type among others. */
struct Bfloat16 {
  uint16_t bits;
  explicit operator float() const {
    const uint32_t wide = static_cast<uint32_t>(bits) << 16;
    float value;
    std::memcpy(&value, &wide, sizeof value);
    return value;
  }
};

template <class T>
void gather(float* to, int64_t toStride, const char* from, int64_t stride, int64_t count) {
  const T* numbers = reinterpret_cast<const T*>(from);
  if (toStride == 1) {
    for (int64_t i = 0; i < count; i++) to[i] = static_cast<float>(numbers[i * stride]);
  } else {
    for (int64_t i = 0; i < count; i++) to[i * toStride] = static_cast<float>(numbers[i * stride]);
  }
}

template <class T>
void scatter(char* to, int64_t stride, const float* from, int64_t fromStride, int64_t count) {
  T* numbers = reinterpret_cast<T*>(to);
  if (stride == 1) {
    for (int64_t i = 0; i < count; i++) numbers[i] = static_cast<T>(from[i * fromStride]);
  } else {
    for (int64_t i = 0; i < count; i++) numbers[i * stride] = static_cast<T>(from[i * fromStride]);
  }
}

/** Rounding is the kernel's, so that it is the same everywhere. */
void scatterBfloat16(char* to, int64_t stride, const float* from, int64_t fromStride, int64_t count) {
  uint16_t* numbers = reinterpret_cast<uint16_t*>(to);
  constexpr int64_t together = 64;
  float near[together];
  uint16_t rounded[together];
  for (int64_t done = 0; done < count; done += together) {
    const int64_t length = std::min(together, count - done);
    for (int64_t i = 0; i < length; i++) near[i] = from[(done + i) * fromStride];
    kernels().toBfloat16(rounded, near, length);
    for (int64_t i = 0; i < length; i++) numbers[(done + i) * stride] = rounded[i];
  }
}

}  // namespace

void loadRow(float* to, int64_t toStride, const RowInMemory& from) {
  const auto& [start, dtype, stride, count] = from;
  if (stride == 0 && toStride == 1) {
    loadRow(to, 1, {start, dtype, 1, 1});
    std::fill(to + 1, to + count, to[0]);
    return;
  }
  const bool dense = stride == 1 && toStride == 1;
  switch (dtype) {
    case DType::float32:
      if (dense) std::memcpy(to, start, count * sizeof(float));
      else gather<float>(to, toStride, start, stride, count);
      break;
    case DType::bfloat16:
      if (dense) kernels().fromBfloat16(to, reinterpret_cast<const uint16_t*>(start), count);
      else gather<Bfloat16>(to, toStride, start, stride, count);
      break;
    case DType::int32:
      gather<int32_t>(to, toStride, start, stride, count);
      break;
    case DType::uint8:
      gather<uint8_t>(to, toStride, start, stride, count);
      break;
  }
}

void storeRow(const RowInMemory& to, const float* from, int64_t fromStride) {
  const auto& [start, dtype, stride, count] = to;
  const bool dense = stride == 1 && fromStride == 1;
  switch (dtype) {
    case DType::float32:
      if (dense) std::memcpy(start, from, count * sizeof(float));
      else scatter<float>(start, stride, from, fromStride, count);
      break;
    case DType::bfloat16:
      if (dense) kernels().toBfloat16(reinterpret_cast<uint16_t*>(start), from, count);
      else scatterBfloat16(start, stride, from, fromStride, count);
      break;
    case DType::int32:
      scatter<int32_t>(start, stride, from, fromStride, count);
      break;
    case DType::uint8:
      scatter<uint8_t>(start, stride, from, fromStride, count);
      break;
  }
}

}  // namespace foreloss
