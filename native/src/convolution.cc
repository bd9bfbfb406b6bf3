// Convolutions by the library's primitives. Kernels are brought into the order that a primitive likes best in every step: they
// are small beside pictures.
#include "convolution.h"

#include "onednn.h"
#include "patches.h"
#include "tile-convolution.h"
#include "tile-gradient.h"

namespace foreloss {
namespace {

using Forward = dnnl::convolution_forward;
using InputGradient = dnnl::convolution_backward_data;
using WeightGradient = dnnl::convolution_backward_weights;
constexpr auto direct = dnnl::algorithm::convolution_direct;

/** The library counts the gaps between the places of a kernel, and takes padding at the start and at the end apart. */
struct Geometry {
  Memory::dims strides, dilation, before, after;
};

Geometry geometryOf(const Window& window) {
  return {window.stride,
          {window.dilation[0] - 1, window.dilation[1] - 1},
          {window.padding[0], window.padding[1]},
          {window.padding[2], window.padding[3]}};
}

Forward::primitive_desc forwardDescriptor(const Convolution& c, const dnnl::primitive_attr& attributes) {
  const Geometry g = geometryOf(c.window);
  const auto weights = anyOrder(c.weights.shape, c.source.dtype);
  const auto kind = c.constantWeights ? dnnl::prop_kind::forward_inference : dnnl::prop_kind::forward_training;
  if (c.bias) {
    return descriptor<Forward>(attributes, kind, direct, describe(c.source), weights, describe(*c.bias),
                               describe(c.result), g.strides, g.dilation, g.before, g.after);
  }
  return descriptor<Forward>(attributes, kind, direct, describe(c.source), weights, describe(c.result), g.strides,
                             g.dilation, g.before, g.after);
}

/** A step that brings the kernel into the order `wanted` at the start of the scratch, and how long it is. */
struct Packed {
  Step pack;
  Memory memory;
  size_t bytes;
};

Packed packedInScratch(const Dense& weights, const Memory::desc& wanted, StepContext& context) {
  const Memory from = wrap(weights);
  Memory to(wanted, processor(), nullptr);
  const auto descriptor = dnnl::reorder::primitive_desc(from, to, scratchAttributes());
  const size_t bytes = padded(wanted.get_size());
  Step reorder = executing(dnnl::reorder(descriptor), descriptor.scratchpad_desc(),
                           {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}}, context, bytes);
  Step pack = [to, reorder, &scratch = context.scratch]() mutable {
    to.set_data_handle(scratch.data());
    reorder();
  };
  return {pack, to, bytes};
}

Step inTurn(Step first, Step second) {
  return [first, second] {
    first();
    second();
  };
}

}  // namespace

dnnl::primitive_attr epilogueOf(const Convolution& c, const Memory::desc& residual) {
  dnnl::post_ops operations;
  if (addsInPlace(c)) {
    operations.append_sum(1.0f);
  } else if (c.residual) {
    operations.append_binary(dnnl::algorithm::binary_add, residual);
  }
  if (c.relu) appendRelu(operations);
  dnnl::primitive_attr attributes = scratchAttributes();
  attributes.set_post_ops(operations);
  return attributes;
}

Step convolutionForward(const Convolution& c, StepContext& context, std::string& implementation) {
  if (forwardByTiles(c)) return implementation = "tiles", tileForward(c, context);
  if (forwardByPatches(c)) return implementation = "patches", patchForward(c, context);
  const auto descriptor = forwardDescriptor(c, epilogueOf(c, describe(c.result)));
  implementation = descriptor.impl_info_str();
  Arguments arguments = {{DNNL_ARG_SRC, wrap(c.source)}, {DNNL_ARG_DST, wrap(c.result)}};
  if (c.bias) arguments[DNNL_ARG_BIAS] = wrap(*c.bias);
  if (c.residual && !addsInPlace(c)) arguments[DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1] = wrap(*c.residual);
  if (c.constantWeights) {
    arguments[DNNL_ARG_WEIGHTS] = reordered(wrap(c.weights), descriptor.weights_desc());
    return executing(Forward(descriptor), descriptor.scratchpad_desc(), arguments, context);
  }
  const Packed packed = packedInScratch(c.weights, descriptor.weights_desc(), context);
  arguments[DNNL_ARG_WEIGHTS] = packed.memory;
  return inTurn(packed.pack, executing(Forward(descriptor), descriptor.scratchpad_desc(), arguments, context,
                                       packed.bytes));
}

Step convolutionInputGradient(const Convolution& c, StepContext& context, std::string& implementation) {
  if (inputGradientByTiles(c)) return implementation = "tiles", tileInputGradient(c, context);
  if (inputGradientByPatches(c)) return implementation = "patches", patchInputGradient(c, context);
  const Geometry g = geometryOf(c.window);
  const auto forward = forwardDescriptor(c, scratchAttributes());
  const auto descriptor = backwardDescriptor<InputGradient>(
      scratchAttributes(), forward, direct, describe(c.source), anyOrder(c.weights.shape, c.result.dtype),
      describe(c.result), g.strides, g.dilation, g.before, g.after);
  implementation = descriptor.impl_info_str();
  const Packed packed = packedInScratch(c.weights, descriptor.weights_desc(), context);
  return inTurn(packed.pack, executing(InputGradient(descriptor), descriptor.scratchpad_desc(),
                                       {{DNNL_ARG_DIFF_DST, wrap(c.result)},
                                        {DNNL_ARG_WEIGHTS, packed.memory},
                                        {DNNL_ARG_DIFF_SRC, wrap(c.source)}},
                                       context, packed.bytes));
}

Step convolutionWeightGradient(const Convolution& c, StepContext& context, std::string& implementation) {
  if (weightGradientByTiles(c)) return implementation = "tiles", tileWeightGradient(c, context);
  if (weightGradientByPatches(c)) return implementation = "patches", patchWeightGradient(c, context);
  const Geometry g = geometryOf(c.window);
  const auto forward = forwardDescriptor(c, scratchAttributes());
  const auto descriptor = backwardDescriptor<WeightGradient>(
      scratchAttributes(), forward, direct, describe(c.source), anyOrder(c.weights.shape, DType::float32),
      describe(c.result), g.strides, g.dilation, g.before, g.after);
  implementation = descriptor.impl_info_str();
  const Memory to = wrap(c.weights);
  Memory found(descriptor.diff_weights_desc(), processor(), nullptr);
  const size_t bytes = padded(descriptor.diff_weights_desc().get_size());
  const auto unpacking = dnnl::reorder::primitive_desc(found, to, scratchAttributes());
  const Step compute = executing(
      WeightGradient(descriptor), descriptor.scratchpad_desc(),
      {{DNNL_ARG_SRC, wrap(c.source)}, {DNNL_ARG_DIFF_DST, wrap(c.result)}, {DNNL_ARG_DIFF_WEIGHTS, found}}, context,
      bytes);
  const Step unpack = executing(dnnl::reorder(unpacking), unpacking.scratchpad_desc(),
                                {{DNNL_ARG_FROM, found}, {DNNL_ARG_TO, to}}, context, bytes);
  return [found, compute, unpack, &scratch = context.scratch]() mutable {
    found.set_data_handle(scratch.data());
    compute();
    unpack();
  };
}

}  // namespace foreloss
