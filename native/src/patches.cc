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

/** Orders and sizes of a product patches [rows, depth] x kernel [depth, columns]. */
struct PatchProduct {
  Memory::desc patches, kernel, result;
  dnnl::matmul::primitive_desc descriptor;
};

PatchProduct patchProduct(const Dense& pictures, const Taps& taps, const Dense& result, const Convolution& c) {
  const int64_t rows = pictures.shape[0] * taps.places, depth = taps.taps * pictures.shape[1];
  const int64_t columns = result.shape[1];
  const auto type = typeOf(pictures.dtype);
  const Memory::desc patches({rows, depth}, type, Memory::format_tag::ab);
  const auto order = c.constantWeights ? Memory::format_tag::any : Memory::format_tag::ab;
  const Memory::desc kernel({depth, columns}, type, order);
  const Memory::desc to({rows, columns}, typeOf(result.dtype), Memory::format_tag::ab);
  const dnnl::primitive_attr attributes = epilogueOf(c, to);
  const Memory::desc bias({1, columns}, Memory::data_type::f32, Memory::format_tag::ab);
  const auto product = c.bias ? descriptor<dnnl::matmul>(attributes, patches, kernel, bias, to)
                              : descriptor<dnnl::matmul>(attributes, patches, kernel, to);
  return {patches, product.weights_desc(), to, product};
}

/** Runs the product on patches that are gathered first, with the kernel that `arguments` has. */
Step multiplied(const Dense& pictures, const Taps& taps, const Dense& result, const PatchProduct& product,
                Arguments arguments, StepContext& context, size_t workingFrom) {
  Memory patches(product.patches, processor(), nullptr);
  arguments[DNNL_ARG_SRC] = patches;
  arguments[DNNL_ARG_DST] = Memory(product.result, processor(), result.data);
  const Step multiply = executing(dnnl::matmul(product.descriptor), product.descriptor.scratchpad_desc(), arguments,
                                  context, workingFrom);
  return [=, threads = context.threads, &scratch = context.scratch]() mutable {
    gather(pictures, taps, scratch.data(), threads);
    patches.set_data_handle(scratch.data());
    multiply();
  };
}

/** With a kernel that may have changed: it is brought into order behind the patches each time. */
Step withPackedKernel(const Dense& pictures, const Taps& taps, const Dense& result, bool inputsAreRows,
                      const Convolution& c, StepContext& context) {
  const PatchProduct product = patchProduct(pictures, taps, result, c);
  const size_t patchBytes = padded(product.patches.get_size());
  const size_t workingFrom = patchBytes + padded(product.kernel.get_size());
  const Memory from = wrap(c.weights);
  Memory packed(tapsFirst(c.weights, inputsAreRows, pictures.dtype), processor(), nullptr);
  const auto packing = dnnl::reorder::primitive_desc(from, packed, scratchAttributes());
  const Step pack = executing(dnnl::reorder(packing), packing.scratchpad_desc(),
                              {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, packed}}, context, workingFrom);
  Memory kernel(product.kernel, processor(), nullptr);
  const Step multiply =
      multiplied(pictures, taps, result, product, {{DNNL_ARG_WEIGHTS, kernel}}, context, workingFrom);
  return [=, &scratch = context.scratch]() mutable {
    packed.set_data_handle(scratch.data() + patchBytes);
    pack();
    kernel.set_data_handle(scratch.data() + patchBytes);
    multiply();
  };
}

/** With a kernel that never changes, and with what follows the convolution. */
Step withConstantKernel(const Convolution& c, const Taps& taps, StepContext& context) {
  const PatchProduct product = patchProduct(c.source, taps, c.result, c);
  const Memory taken = reordered(wrap(c.weights), tapsFirst(c.weights, true, DType::float32));
  const Memory::desc flat({taps.taps * c.source.shape[1], c.result.shape[1]}, Memory::data_type::f32,
                          Memory::format_tag::ab);
  const Memory kernel = reordered(Memory(flat, processor(), taken.get_data_handle()), product.kernel);
  Arguments arguments = {{DNNL_ARG_WEIGHTS, kernel}};
  if (c.bias) {
    const Memory::desc bias({1, c.result.shape[1]}, Memory::data_type::f32, Memory::format_tag::ab);
    arguments[DNNL_ARG_BIAS] = Memory(bias, processor(), c.bias->data);
  }
  if (c.residual && !addsInPlace(c)) {
    arguments[DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1] = Memory(product.result, processor(), c.residual->data);
  }
  return multiplied(c.source, taps, c.result, product, arguments, context, padded(product.patches.get_size()));
}

/** The pixel of `seen` at every place of `grid` and tap; `along(axis, place, tap)` is its row (axis 0) or column (1). */
template <class Along>
Taps tapsBetween(const Dense& grid, const Dense& seen, const Dense& weights, const Along& along) {
  const int64_t height = seen.shape[2], width = seen.shape[3];
  Taps taps{areaOf(grid), tapsOf(weights), {}};
  for (int64_t y = 0; y < grid.shape[2]; y++)
    for (int64_t x = 0; x < grid.shape[3]; x++)
      for (int64_t ky = 0; ky < weights.shape[2]; ky++)
        for (int64_t kx = 0; kx < weights.shape[3]; kx++) {
          const int64_t row = along(0, y, ky), column = along(1, x, kx);
          const bool inside = row >= 0 && row < height && column >= 0 && column < width;
          taps.pixels.push_back(inside ? static_cast<int32_t>(row * width + column) : -1);
        }
  return taps;
}

bool isSmall(const Convolution& c) { return areaOf(c.result) <= 16 && areaOf(c.source) <= 16; }

bool isReduced(const Convolution& c) { return c.source.dtype == DType::bfloat16; }

constexpr int64_t fewestChannels = 64;

}  // namespace

Memory::desc tapsFirst(const Dense& weights, bool inputsAreRows, DType dtype) {
  const int64_t out = weights.shape[0], in = weights.shape[1], width = weights.shape[3];
  const Memory::dims strides = inputsAreRows ? Memory::dims{1, out, width * in * out, in * out}
                                             : Memory::dims{in, 1, width * in * out, in * out};
  return {weights.shape, typeOf(dtype), strides};
}

Taps tapsOfResult(const Convolution& c) {
  return tapsBetween(c.result, c.source, c.weights, [&](int axis, int64_t place, int64_t tap) {
    return place * c.window.stride[axis] - c.window.padding[axis] + tap * c.window.dilation[axis];
  });
}

Taps tapsOfSource(const Convolution& c) {
  return tapsBetween(c.source, c.result, c.weights, [&](int axis, int64_t place, int64_t tap) {
    return place + c.window.padding[axis] - tap * c.window.dilation[axis];
  });
}

// The limits were measured with AMX (docs/performance.md). They depend on the shape alone, so that the same program gives the
// same numbers everywhere.
bool weightGradientByPatches(const Convolution& c) {
  if (!isReduced(c) || c.source.shape[1] < fewestChannels) return false;
  const bool strided = c.window.stride[0] > 1;
  return isSmall(c) || (strided && (areaOf(c.result) <= 64 || tapsOf(c.weights) == 1));
}

bool forwardByPatches(const Convolution& c) {
  return isReduced(c) && isSmall(c) && c.source.shape[1] >= fewestChannels;
}

bool inputGradientByPatches(const Convolution& c) {
  return isReduced(c) && isSmall(c) && c.result.shape[1] >= fewestChannels && c.window.stride[0] == 1 &&
         c.window.stride[1] == 1;
}

Step patchForward(const Convolution& c, StepContext& context) {
  if (c.constantWeights) return withConstantKernel(c, tapsOfResult(c), context);
  return withPackedKernel(c.source, tapsOfResult(c), c.result, true, c, context);
}

Step patchInputGradient(const Convolution& c, StepContext& context) {
  return withPackedKernel(c.result, tapsOfSource(c), c.source, false, c, context);
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
