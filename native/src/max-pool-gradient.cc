#include "max-pool-gradient.h"

#include <algorithm>

#include "kernels.h"
#include "rows-in-memory.h"
#include "threads.h"

namespace foreloss {
namespace {

char* at(const Dense& tensor, int64_t offset) {
  return tensor.data + offset * static_cast<int64_t>(sizeOf(tensor.dtype));
}

/** Where the pixels of a window lie in a row of windows, in numbers, from its first pixel on. */
std::vector<int64_t> offsetsOf(const Pool& pool, int64_t rowLength, int64_t channels) {
  std::vector<int64_t> offsets;
  for (int64_t y = 0; y < pool.kernel[0]; y++)
    for (int64_t x = 0; x < pool.kernel[1]; x++) offsets.push_back(y * rowLength + x * channels);
  return offsets;
}

}  // namespace

bool coversOnce(const Pool& pool, const Dense& source, const Dense& given) {
  const std::vector<int64_t>& padding = pool.window.padding;
  return source.channelsLast && given.channelsLast && pool.kernel == pool.window.stride &&
         std::all_of(padding.begin(), padding.end(), [](int64_t side) { return side == 0; }) &&
         source.shape[2] == given.shape[2] * pool.kernel[0] && source.shape[3] == given.shape[3] * pool.kernel[1];
}

Step gradientToLargest(const Pool& pool, const Dense& source, const Dense& given, const Dense& computed,
                       StepContext& context) {
  const int64_t channels = given.shape[1], across = given.shape[3];
  const int64_t rows = given.shape[0] * given.shape[2];
  const int64_t rowLength = across * pool.kernel[1] * channels;
  const int64_t together = pool.kernel[0] * rowLength;
  const std::vector<int64_t> offsets = offsetsOf(pool, rowLength, channels);
  const int parts = static_cast<int>(std::min<int64_t>(context.threads, rows));
  return [=] {
    inParallel(parts, [&](int part) {
      std::vector<float> window(together), gradient(across * channels);
      for (int64_t row = startOfPart(rows, part, parts); row < startOfPart(rows, part + 1, parts); row++) {
        loadRow(window.data(), 1, {at(source, row * together), source.dtype, 1, together});
        loadRow(gradient.data(), 1, {at(given, row * across * channels), given.dtype, 1, across * channels});
        for (int64_t x = 0; x < across; x++) {
          kernels().routeToLargest(window.data() + x * pool.kernel[1] * channels, offsets.data(),
                                   static_cast<int64_t>(offsets.size()), gradient.data() + x * channels, channels);
        }
        storeRow({at(computed, row * together), computed.dtype, 1, together}, window.data(), 1);
      }
    });
  };
}

}  // namespace foreloss
