// Memory whose start lies on a cache line, freed with its owner. A size that cannot be had is an error, never an abort.
#pragma once
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

namespace foreloss {

constexpr size_t cacheLine = 64;

class AlignedMemory {
 public:
  AlignedMemory() = default;
  explicit AlignedMemory(size_t bytes) : bytes_(bytes) {
    if (bytes == 0) return;
    void* start = nullptr;
    if (posix_memalign(&start, cacheLine, bytes) != 0) {
      throw std::runtime_error("out of memory: " + std::to_string(bytes) + " bytes could not be had");
    }
    start_.reset(start);
  }
  char* data() const { return static_cast<char*>(start_.get()); }
  size_t size() const { return bytes_; }

 private:
  struct Free {
    void operator()(void* start) const { std::free(start); }
  };
  std::unique_ptr<void, Free> start_;
  size_t bytes_ = 0;
};

}  // namespace foreloss
