// Memory whose start lies on a cache line, freed with its owner. A size that cannot be had is an error, never an abort.
#pragma once
#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

namespace foreloss {

constexpr size_t cacheLine = 64;
constexpr size_t hugePage = size_t{1} << 21;

class AlignedMemory {
 public:
  AlignedMemory() = default;
  explicit AlignedMemory(size_t bytes) : bytes_(bytes) {
    if (bytes == 0) return;
    void* start = nullptr;
    const size_t alignment = bytes < hugePage ? cacheLine : hugePage;
    if (posix_memalign(&start, alignment, bytes) != 0) {
      throw std::runtime_error("out of memory: " + std::to_string(bytes) + " bytes could not be had");
    }
    start_.reset(start);
#ifdef MADV_HUGEPAGE
    // Long walks over pictures then miss the table of pages less often. Where the system has no large pages nothing changes.
    if (bytes >= hugePage) madvise(start, bytes, MADV_HUGEPAGE);
#endif
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
