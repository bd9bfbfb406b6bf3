// Patches lie [batch x places, taps x channels] at the start of the scratch, kernels [taps x channels, channels] behind them.
#include "patches.h"

#include <algorithm>
#include <cstring>

#include "onednn.h"
#include "threads.h"

namespace foreloss {
namespace {

int64_t areaOf(const Dense& pictures) { return pictures.shape[2] * pictures.shape[3]; }

/** Extents of a kernel [out, in, height, width] and of its taps. */
int64_t tapsOf(const Dense& weights) { return weights.shape[2] * weights.shape[3]; }

/** The strides by which a kernel [out, in, height, width] lies with its taps first, then `rows`, then the rest. */
Memory::desc tapsFirst(const Dense& weights, bool inputsAreRows, DType dtype) {
  const int64_t out = weights.shape[0], in = weights.shape[1], width = weights.shape[3];
  const Memory::dims strides = inputsAreRows ? Memory::dims{1, out, width * in * out, in * out}
                                             : Memory::dims{in, 1, width * in * out, in * out};
  return {weights.shape, typeOf(dtype), strides};
}

/** Gathers patches into `to`; a row of a place holds all channels of its first tap, then of its second, and so on. */
void gather(const Dense& pictures, const Taps& taps, char* to, int threads) {
  const int64_t batch = pictures.shape[0];
  const size_t pixel = pictures.shape[1] * sizeOf(pictures.dtype);
  const size_t picture = areaOf(pictures) * pixel;
  const int parts = static_cast<int>(std::min<int64_t>(threads, batch));
  inParallel(parts, [&](int part) {
    for (int64_t n = startOfPart(batch, part, parts); n < startOfPart(batch, part + 1, parts); n++) {
      char* row = to + n * taps.places * taps.taps * pixel;
      for (size_t i = 0; i < taps.pixels.size(); i++, row += pixel) {
        if (taps.pixels[i] < 0) {
          std::memset(row, 0, pixel);
        } else {
          std::memcpy(row, pictures.data + n * picture + taps.pixels[i] * pixel, pixel);
        }
      }
    }
  });
}

/** A product patches x kernel with the kernel brought into the order that the product likes. */
Step patchProduct(const Dense& pictures, const Taps& taps, const Dense& weights, bool inputsAreRows,
                  const Dense& result, StepContext& context) {
  const int64_t rows = pictures.shape[0] * taps.places, depth = taps.taps * pictures.shape[1];
  const int64_t columns = result.shape[1];
  const auto type = typeOf(pictures.dtype);
  const Memory::desc patchesOrder({rows, depth}, type, Memory::format_tag::ab);
  const Memory::desc kernelOrder({depth, columns}, type, Memory::format_tag::ab);
  const Memory::desc resultOrder({rows, columns}, typeOf(result.dtype), Memory::format_tag::ab);
  const auto product = descriptor<dnnl::matmul>(scratchAttributes(), patchesOrder, kernelOrder, resultOrder);
  const size_t patchBytes = padded(patchesOrder.get_size()), kernelBytes = padded(kernelOrder.get_size());

  const Memory from = wrap(weights);
  Memory packed(tapsFirst(weights, inputsAreRows, pictures.dtype), processor(), nullptr);
  const auto packing = dnnl::reorder::primitive_desc(from, packed, scratchAttributes());
  const Step pack = executing(dnnl::reorder(packing), packing.scratchpad_desc(),
                              {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, packed}}, context, patchBytes + kernelBytes);
  Memory patches(patchesOrder, processor(), nullptr), kernel(kernelOrder, processor(), nullptr);
  const Step multiply = executing(
      dnnl::matmul(product), product.scratchpad_desc(),
      {{DNNL_ARG_SRC, patches}, {DNNL_ARG_WEIGHTS, kernel}, {DNNL_ARG_DST, Memory(resultOrder, processor(), result.data)}},
      context, patchBytes + kernelBytes);
  return [=, threads = context.threads, &scratch = context.scratch]() mutable {
    gather(pictures, taps, scratch.data(), threads);
    packed.set_data_handle(scratch.data() + patchBytes);
    pack();
    patches.set_data_handle(scratch.data());
    kernel.set_data_handle(scratch.data() + patchBytes);
    multiply();
  };
}

bool isSmall(const Convolution& c) { return areaOf(c.result) <= 16 && areaOf(c.source) <= 16; }

bool isReduced(const Convolution& c) { return c.source.dtype == DType::bfloat16; }

constexpr int64_t fewestChannels = 64;

}  // namespace

Taps tapsOfResult(const Convolution& c) {
  const int64_t height = c.source.shape[2], width = c.source.shape[3];
  Taps taps{areaOf(c.result), tapsOf(c.weights), {}};
  for (int64_t y = 0; y < c.result.shape[2]; y++)
    for (int64_t x = 0; x < c.result.shape[3]; x++)
      for (int64_t ky = 0; ky < c.weights.shape[2]; ky++)
        for (int64_t kx = 0; kx < c.weights.shape[3]; kx++) {
          const int64_t row = y * c.window.stride[0] - c.window.padding[0] + ky * c.window.dilation[0];
          const int64_t column = x * c.window.stride[1] - c.window.padding[1] + kx * c.window.dilation[1];
          const bool inside = row >= 0 && row < height && column >= 0 && column < width;
          taps.pixels.push_back(inside ? static_cast<int32_t>(row * width + column) : -1);
        }
  return taps;
}

Taps tapsOfSource(const Convolution& c) {
  const int64_t height = c.result.shape[2], width = c.result.shape[3];
  Taps taps{areaOf(c.source), tapsOf(c.weights), {}};
  for (int64_t y = 0; y < c.source.shape[2]; y++)
    for (int64_t x = 0; x < c.source.shape[3]; x++)
      for (int64_t ky = 0; ky < c.weights.shape[2]; ky++)
        for (int64_t kx = 0; kx < c.weights.shape[3]; kx++) {
          const int64_t row = y + c.window.padding[0] - ky * c.window.dilation[0];
          const int64_t column = x + c.window.padding[1] - kx * c.window.dilation[1];
          const bool inside = row >= 0 && row < height && column >= 0 && column < width;
          taps.pixels.push_back(inside ? static_cast<int32_t>(row * width + column) : -1);
        }
  return taps;
}

// The limits were measured with AMX (docs/performance.md). They depend on the shape alone, so that the same program gives the
// same numbers everywhere.
bool weightGradientByPatches(const Convolution& c) {
  if (!isReduced(c) || c.source.shape[1] < fewestChannels) return false;
  const bool strided = c.window.stride[0] > 1;
  return isSmall(c) || (strided && (areaOf(c.result) <= 64 || tapsOf(c.weights) == 1));
}

bool forwardByPatches(const Convolution& c) {
  return isReduced(c) && isSmall(c) && c.source.shape[1] >= fewestChannels && !c.bias && !c.residual && !c.relu &&
         !c.constantWeights;
}

bool inputGradientByPatches(const Convolution& c) {
  return isReduced(c) && isSmall(c) && c.result.shape[1] >= fewestChannels && c.window.stride[0] == 1 &&
         c.window.stride[1] == 1;
}

Step patchForward(const Convolution& c, StepContext& context) {
  return patchProduct(c.source, tapsOfResult(c), c.weights, true, c.result, context);
}

Step patchInputGradient(const Convolution& c, StepContext& context) {
  return patchProduct(c.result, tapsOfSource(c), c.weights, false, c.source, context);
}

Step patchWeightGradient(const Convolution& c, StepContext& context) {
  const Taps taps = tapsOfResult(c);
  const int64_t rows = c.source.shape[0] * taps.places, depth = taps.taps * c.source.shape[1];
  const int64_t columns = c.result.shape[1];
  const auto type = typeOf(c.source.dtype);
  const Memory::desc patchesTurned({depth, rows}, type, Memory::format_tag::ba);
  const Memory::desc gradientOrder({rows, columns}, typeOf(c.result.dtype), Memory::format_tag::ab);
  const Memory::desc foundOrder({depth, columns}, Memory::data_type::f32, Memory::format_tag::ab);
  const auto product = descriptor<dnnl::matmul>(scratchAttributes(), patchesTurned, gradientOrder, foundOrder);
  const size_t patchBytes = padded(patchesTurned.get_size()), foundBytes = padded(foundOrder.get_size());
  Memory patches(patchesTurned, processor(), nullptr), found(foundOrder, processor(), nullptr);
  const Step multiply = executing(dnnl::matmul(product), product.scratchpad_desc(),
                                  {{DNNL_ARG_SRC, patches},
                                   {DNNL_ARG_WEIGHTS, Memory(gradientOrder, processor(), c.result.data)},
                                   {DNNL_ARG_DST, found}},
                                  context, patchBytes + foundBytes);
  Memory kernel(tapsFirst(c.weights, true, DType::float32), processor(), nullptr);
  const Memory to = wrap(c.weights);
  const auto unpacking = dnnl::reorder::primitive_desc(kernel, to, scratchAttributes());
  const Step unpack = executing(dnnl::reorder(unpacking), unpacking.scratchpad_desc(),
                                {{DNNL_ARG_FROM, kernel}, {DNNL_ARG_TO, to}}, context, patchBytes + foundBytes);
  return [=, threads = context.threads, &scratch = context.scratch]() mutable {
    gather(c.source, taps, scratch.data(), threads);
    patches.set_data_handle(scratch.data());
    found.set_data_handle(scratch.data() + patchBytes);
    multiply();
    kernel.set_data_handle(scratch.data() + patchBytes);
    unpack();
  };
}

}  // namespace foreloss
