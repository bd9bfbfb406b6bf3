// A plan is a list of steps; a step does its part of the arithmetic when it is called, on memory it was told of when it was made.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "dtype.h"
#include "memory.h"

namespace foreloss {

using Step = std::function<void()>;

/** A tensor that lies dense in memory: row-major, or pictures with their channels last. */
struct Dense {
  char* data;
  DType dtype;
  /** Logical extents: [batch, channels, height, width] for pictures however they lie. */
  std::vector<int64_t> shape;
  bool channelsLast;
};

/** Memory that steps use one after the other and that holds nothing between them. */
class Scratch {
 public:
  /** Wants at least this much; the address is known after `allocate`. */
  void want(size_t bytes) { bytes_ = bytes > bytes_ ? bytes : bytes_; }
  void allocate() { memory_ = AlignedMemory(bytes_); }
  char* data() const { return memory_.data(); }

 private:
  size_t bytes_ = 0;
  AlignedMemory memory_;
};

/** What a step may count on while the plan is made. */
struct StepContext {
  int threads;
  Scratch& scratch;
};

struct Window {
  std::vector<int64_t> stride;
  /** Top, left, bottom, right. */
  std::vector<int64_t> padding;
  std::vector<int64_t> dilation;
};

}  // namespace foreloss
