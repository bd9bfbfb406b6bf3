// The types of numbers that lie in memory. Arithmetic is float32; bfloat16 is only a way to keep pictures.
#pragma once
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace foreloss {

enum class DType { float32, bfloat16, int32, uint8 };

inline size_t sizeOf(DType type) {
  switch (type) {
    case DType::float32:
    case DType::int32:
      return 4;
    case DType::bfloat16:
      return 2;
    case DType::uint8:
      return 1;
  }
  return 0;
}

inline DType dtypeNamed(const std::string& name) {
  if (name == "float32") return DType::float32;
  if (name == "bfloat16") return DType::bfloat16;
  if (name == "int32") return DType::int32;
  if (name == "uint8") return DType::uint8;
  throw std::invalid_argument("unknown type of numbers: " + name);
}

}  // namespace foreloss
