// Plain loops: these steps are small in every model we know.
#include "moves.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "kernels.h"
#include "threads.h"

namespace foreloss {
namespace {

int64_t product(const std::vector<int64_t>& extents, size_t from, size_t to) {
  return std::accumulate(extents.begin() + from, extents.begin() + to, int64_t{1}, std::multiplies<>());
}

int64_t sizeOfShape(const std::vector<int64_t>& shape) { return product(shape, 0, shape.size()); }

/** An index that points outside its axis, in words. */
std::out_of_range outside(const char* operation, int32_t index, int64_t extent) {
  return std::out_of_range(std::string(operation) + ": index " + std::to_string(index) + " is outside [0, " +
                           std::to_string(extent) + ")");
}

/** A position in a space of several dimensions that moves on by one, and the offset that belongs to it. */
class Odometer {
 public:
  Odometer(const std::vector<int64_t>& extents, const std::vector<int64_t>& strides)
      : extents_(extents), strides_(strides), at_(extents.size()) {}
  void setTo(int64_t index) {
    offset_ = 0;
    for (size_t d = extents_.size(); d-- > 0;) {
      at_[d] = index % extents_[d];
      index /= extents_[d];
      offset_ += at_[d] * strides_[d];
    }
  }
  void next() {
    for (size_t d = extents_.size(); d-- > 0;) {
      offset_ += strides_[d];
      if (++at_[d] < extents_[d]) return;
      offset_ -= at_[d] * strides_[d];
      at_[d] = 0;
    }
  }
  int64_t offset() const { return offset_; }

 private:
  const std::vector<int64_t>& extents_;
  const std::vector<int64_t>& strides_;
  std::vector<int64_t> at_;
  int64_t offset_ = 0;
};

float valueAt(const char* source, DType dtype, int64_t offset) {
  float value;
  if (dtype == DType::bfloat16) {
    kernels().fromBfloat16(&value, reinterpret_cast<const uint16_t*>(source) + offset, 1);
  } else {
    value = reinterpret_cast<const float*>(source)[offset];
  }
  return value;
}

/** The larger; what is not a number wins. */
double larger(double a, double b) { return a > b || std::isnan(a) ? a : b; }

/** Numbers that are looked at together. */
constexpr int64_t blockLength = 256;

/** In eight sums side by side, so that no addition waits for the one before. */
double sumOf(const float* values, int64_t count) {
  constexpr int64_t lanes = 8;
  double sums[lanes] = {};
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (int64_t lane = 0; lane < lanes; lane++) sums[lane] += values[i + lane];
  for (; i < count; i++) sums[0] += values[i];
  return std::accumulate(sums, sums + lanes, 0.0);
}

double joined(const Reduction& r, double a, double b) { return r.maximum ? larger(a, b) : a + b; }

/** `count` numbers that lie side by side. */
double reducedRun(const Reduction& r, int64_t offset, int64_t count, double result) {
  float block[blockLength];
  for (int64_t done = 0; done < count; done += blockLength) {
    const int64_t length = std::min(blockLength, count - done);
    const float* values = reinterpret_cast<const float*>(r.source) + offset + done;
    if (r.dtype == DType::bfloat16) {
      kernels().fromBfloat16(block, reinterpret_cast<const uint16_t*>(r.source) + offset + done, length);
      values = block;
    }
    if (!r.maximum) result += sumOf(values, length);
    else
      for (int64_t i = 0; i < length; i++) result = larger(result, values[i]);
  }
  return result;
}

double reduced(const Reduction& r, int64_t base, int64_t first, int64_t last) {
  Odometer odometer(r.reduced, r.reducedStrides);
  double result = r.maximum ? -std::numeric_limits<double>::infinity() : 0.0;
  const int64_t run = !r.reduced.empty() && r.reducedStrides.back() == 1 ? r.reduced.back() : 1;
  if (run > 1) {
    for (int64_t i = first, count; i < last; i += count) {
      count = std::min(run - i % run, last - i);
      odometer.setTo(i);
      result = reducedRun(r, base + odometer.offset(), count, result);
    }
    return result;
  }
  odometer.setTo(first);
  for (int64_t i = first; i < last; i++, odometer.next())
    result = joined(r, result, valueAt(r.source, r.dtype, base + odometer.offset()));
  return result;
}

constexpr int64_t leastPerThread = 16384;

}  // namespace

Step gatherEntries(const Dense& source, const Dense& indices, const Dense& result, int64_t axis, StepContext&) {
  const int64_t outer = product(source.shape, 0, axis);
  const int64_t extent = source.shape[axis];
  const size_t bytes = product(source.shape, axis + 1, source.shape.size()) * sizeOf(source.dtype);
  const int64_t count = sizeOfShape(indices.shape);
  const char* from = source.data;
  const int32_t* at = reinterpret_cast<const int32_t*>(indices.data);
  char* to = result.data;
  return [=] {
    for (int64_t o = 0; o < outer; o++)
      for (int64_t i = 0; i < count; i++) {
        if (at[i] < 0 || at[i] >= extent) throw outside("gather", at[i], extent);
        std::memcpy(to + (o * count + i) * bytes, from + (o * extent + at[i]) * bytes, bytes);
      }
  };
}

Step scatterAdd(const Dense& values, const Dense& indices, const Dense& result, int64_t axis, StepContext&) {
  const int64_t outer = product(result.shape, 0, axis);
  const int64_t extent = result.shape[axis];
  const int64_t inner = product(result.shape, axis + 1, result.shape.size());
  const int64_t count = sizeOfShape(indices.shape);
  const float* from = reinterpret_cast<const float*>(values.data);
  const int32_t* at = reinterpret_cast<const int32_t*>(indices.data);
  float* to = reinterpret_cast<float*>(result.data);
  return [=] {
    std::fill(to, to + outer * extent * inner, 0.0f);
    for (int64_t o = 0; o < outer; o++)
      for (int64_t i = 0; i < count; i++) {
        if (at[i] < 0 || at[i] >= extent) throw outside("scatterAdd", at[i], extent);
        float* place = to + (o * extent + at[i]) * inner;
        for (int64_t j = 0; j < inner; j++) place[j] += from[(o * count + i) * inner + j];
      }
  };
}

Step oneHot(const Dense& indices, const Dense& result) {
  const int64_t count = sizeOfShape(indices.shape);
  const int64_t depth = result.shape.back();
  const int32_t* at = reinterpret_cast<const int32_t*>(indices.data);
  float* to = reinterpret_cast<float*>(result.data);
  return [=] {
    std::fill(to, to + count * depth, 0.0f);
    for (int64_t i = 0; i < count; i++)
      if (at[i] >= 0 && at[i] < depth) to[i * depth + at[i]] = 1.0f;
  };
}

Step equalIntegers(const Dense& a, const Dense& b, const Dense& result) {
  const int64_t count = sizeOfShape(result.shape);
  const int32_t* x = reinterpret_cast<const int32_t*>(a.data);
  const int32_t* y = reinterpret_cast<const int32_t*>(b.data);
  uint8_t* to = reinterpret_cast<uint8_t*>(result.data);
  return [=] {
    for (int64_t i = 0; i < count; i++) to[i] = x[i] == y[i];
  };
}

/** Rows side by side; `scratch` has as many numbers as they. */
static void logSoftmaxRows(const float* from, float* to, float* scratch, int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; r++) {
    const float* x = from + r * columns;
    const float most = *std::max_element(x, x + columns);
    for (int64_t c = 0; c < columns; c++) to[r * columns + c] = x[c] - most;
  }
  kernels().micro[static_cast<int>(MicroOp::exp)](scratch, to, nullptr, nullptr, rows * columns);
  for (int64_t r = 0; r < rows; r++) {
    const float log = static_cast<float>(std::log(sumOf(scratch + r * columns, columns)));
    for (int64_t c = 0; c < columns; c++) to[r * columns + c] -= log;
  }
}

Step logSoftmax(const Dense& source, const Dense& result, StepContext& context) {
  const int64_t columns = source.shape.back();
  const int64_t rows = sizeOfShape(source.shape) / columns;
  const float* from = reinterpret_cast<const float*>(source.data);
  float* to = reinterpret_cast<float*>(result.data);
  const int64_t wanted = std::max<int64_t>(1, rows * columns / leastPerThread);
  const int parts = static_cast<int>(std::min<int64_t>({context.threads, wanted, rows}));
  const int64_t together = std::max<int64_t>(1, blockLength / columns);
  return [=] {
    inParallel(parts, [&](int part) {
      std::vector<float> scratch(together * columns);
      const int64_t last = startOfPart(rows, part + 1, parts);
      for (int64_t r = startOfPart(rows, part, parts); r < last; r += together)
        logSoftmaxRows(from + r * columns, to + r * columns, scratch.data(), std::min(together, last - r), columns);
    });
  };
}

/** The bits of a number as an unsigned one that falls as the number rises; both zeros are one. */
static uint32_t descending(float value) {
  uint32_t bits;
  value += 0.0f;
  std::memcpy(&bits, &value, sizeof bits);
  return bits >> 31 ? bits : 0x7fffffffu - bits;
}

Step rankRows(const Dense& source, const Dense& result, StepContext& context) {
  const int64_t rows = source.shape[0], length = source.shape[1];
  const float* from = reinterpret_cast<const float*>(source.data);
  float* to = reinterpret_cast<float*>(result.data);
  const int parts = static_cast<int>(std::min<int64_t>(context.threads, rows));
  return [=] {
    inParallel(parts, [&](int part) {
      // Number above, position below: the keys of a row sort by themselves, equal numbers by position.
      std::vector<uint64_t> keys(length);
      for (int64_t r = startOfPart(rows, part, parts); r < startOfPart(rows, part + 1, parts); r++) {
        for (int64_t i = 0; i < length; i++) keys[i] = static_cast<uint64_t>(descending(from[r * length + i])) << 32 | i;
        std::sort(keys.begin(), keys.end());
        for (int64_t place = 0; place < length; place++)
          to[r * length + static_cast<uint32_t>(keys[place])] = static_cast<float>(place);
      }
    });
  };
}

Step moveNumbers(const Walk& from, const Walk& to, const std::vector<int64_t>& space, DType dtype) {
  const size_t bytes = sizeOf(dtype);
  const int64_t count = sizeOfShape(space);
  return [=] {
    Odometer source(space, from.strides), target(space, to.strides);
    for (int64_t i = 0; i < count; i++, source.next(), target.next()) {
      std::memcpy(to.start + target.offset() * static_cast<int64_t>(bytes),
                  from.start + source.offset() * static_cast<int64_t>(bytes), bytes);
    }
  };
}

Step reduce(const Reduction& reduction, StepContext& context) {
  const int64_t results = sizeOfShape(reduction.kept);
  const int64_t each = sizeOfShape(reduction.reduced);
  const int64_t wanted = std::max<int64_t>(1, results * each / leastPerThread);
  const int threads = context.threads;
  const bool oneByOne = results < threads && each > leastPerThread;
  const int parts = static_cast<int>(std::min<int64_t>({threads, wanted, oneByOne ? each : results}));
  if (!oneByOne) {
    return [=] {
      inParallel(parts, [&](int part) {
        Odometer place(reduction.kept, reduction.keptStrides);
        const int64_t first = startOfPart(results, part, parts), last = startOfPart(results, part + 1, parts);
        place.setTo(first);
        for (int64_t i = first; i < last; i++, place.next())
          reduction.result[i] = static_cast<float>(reduced(reduction, place.offset(), 0, each));
      });
    };
  }
  return [=] {
    Odometer place(reduction.kept, reduction.keptStrides);
    place.setTo(0);
    for (int64_t i = 0; i < results; i++, place.next()) {
      std::vector<double> found(parts);
      inParallel(parts, [&](int part) {
        found[part] = reduced(reduction, place.offset(), startOfPart(each, part, parts), startOfPart(each, part + 1, parts));
      });
      double all = found[0];
      for (int part = 1; part < parts; part++)
        all = joined(reduction, all, found[part]);
      reduction.result[i] = static_cast<float>(all);
    }
  };
}

}  // namespace foreloss
