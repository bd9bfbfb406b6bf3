// Each is one primitive, described, and run on the plan's scratch memory.
#include "products.h"

#include "max-pool-gradient.h"
#include "onednn.h"

namespace foreloss {
namespace {

/** A matrix or a batch of them, its last two axes exchanged where it is to be taken transposed. */
Memory::desc matrix(const Dense& tensor, size_t rank, bool transposed) {
  std::vector<int64_t> shape = tensor.shape;
  while (shape.size() < rank) shape.insert(shape.begin(), 1);
  std::vector<int64_t> strides(rank);
  int64_t distance = 1;
  for (size_t axis = rank; axis-- > 0;) {
    strides[axis] = distance;
    distance *= shape[axis];
  }
  if (transposed) {
    std::swap(shape[rank - 1], shape[rank - 2]);
    std::swap(strides[rank - 1], strides[rank - 2]);
  }
  return {shape, typeOf(tensor.dtype), strides};
}

/** The library knows products of up to this many axes; leading ones are taken together. */
Dense asBatch(const Dense& tensor) {
  if (tensor.shape.size() <= 3) return tensor;
  Dense flat = tensor;
  const size_t rank = tensor.shape.size();
  int64_t batch = 1;
  for (size_t axis = 0; axis + 2 < rank; axis++) batch *= tensor.shape[axis];
  flat.shape = {batch, tensor.shape[rank - 2], tensor.shape[rank - 1]};
  return flat;
}

dnnl::algorithm algorithmOf(Pooling kind) {
  switch (kind) {
    case Pooling::maximum:
      return dnnl::algorithm::pooling_max;
    case Pooling::meanWithPadding:
      return dnnl::algorithm::pooling_avg_include_padding;
    case Pooling::meanWithoutPadding:
      return dnnl::algorithm::pooling_avg_exclude_padding;
  }
  return dnnl::algorithm::undef;
}

/** For training it also remembers which numbers were the largest, which takes twice as long. */
PoolingForward::primitive_desc poolDescriptor(const Pool& pool, const Memory::desc& source, const Memory::desc& result,
                                              dnnl::prop_kind purpose = dnnl::prop_kind::forward_training) {
  const Memory::dims dilation = {0, 0};
  const Memory::dims before = {pool.window.padding[0], pool.window.padding[1]};
  const Memory::dims after = {pool.window.padding[2], pool.window.padding[3]};
  return descriptor<PoolingForward>(scratchAttributes(), purpose, algorithmOf(pool.kind), source, result,
                                    Memory::dims(pool.window.stride), Memory::dims(pool.kernel), dilation, before, after);
}

PoolingBackward::primitive_desc poolGradientDescriptor(const Pool& pool, const Memory::desc& source,
                                                       const Memory::desc& result,
                                                       const PoolingForward::primitive_desc& forward) {
  const Memory::dims dilation = {0, 0};
  const Memory::dims before = {pool.window.padding[0], pool.window.padding[1]};
  const Memory::dims after = {pool.window.padding[2], pool.window.padding[3]};
  return backwardDescriptor<PoolingBackward>(scratchAttributes(), forward, algorithmOf(pool.kind), source, result,
                                             Memory::dims(pool.window.stride), Memory::dims(pool.kernel), dilation,
                                             before, after);
}

}  // namespace

Step matrixProduct(const Dense& a, const Dense& b, const Dense& result, bool transposeA, bool transposeB,
                   StepContext& context) {
  const Dense left = asBatch(a), right = asBatch(b), to = asBatch(result);
  const size_t rank = to.shape.size();
  const auto leftMatrix = matrix(left, rank, transposeA), rightMatrix = matrix(right, rank, transposeB);
  const auto resultMatrix = matrix(to, rank, false);
  const auto product = descriptor<dnnl::matmul>(scratchAttributes(), leftMatrix, rightMatrix, resultMatrix);
  return executing(dnnl::matmul(product), product.scratchpad_desc(),
                   {{DNNL_ARG_SRC, Memory(leftMatrix, processor(), left.data)},
                    {DNNL_ARG_WEIGHTS, Memory(rightMatrix, processor(), right.data)},
                    {DNNL_ARG_DST, Memory(resultMatrix, processor(), to.data)}},
                   context);
}

Step poolForward(const Pool& pool, const Dense& source, const Dense& result, StepContext& context) {
  const auto forward =
      poolDescriptor(pool, describe(source), describe(result), dnnl::prop_kind::forward_inference);
  return executing(PoolingForward(forward), forward.scratchpad_desc(),
                   {{DNNL_ARG_SRC, wrap(source)}, {DNNL_ARG_DST, wrap(result)}}, context);
}

Step meanPoolGradient(const Pool& pool, const Dense& given, const Dense& computed, StepContext& context) {
  const auto forward = poolDescriptor(pool, describe(computed), describe(given));
  const auto backward = poolGradientDescriptor(pool, describe(computed), describe(given), forward);
  return executing(PoolingBackward(backward), backward.scratchpad_desc(),
                   {{DNNL_ARG_DIFF_DST, wrap(given)}, {DNNL_ARG_DIFF_SRC, wrap(computed)}}, context);
}

Step maxPoolGradient(const Pool& pool, const Dense& source, const Dense& given, const Dense& computed,
                     StepContext& context) {
  if (coversOnce(pool, source, given)) return gradientToLargest(pool, source, given, computed, context);
  const auto forward = poolDescriptor(pool, describe(source), describe(given));
  const auto backward = poolGradientDescriptor(pool, describe(computed), describe(given), forward);
  const size_t placesBytes = padded(forward.workspace_desc().get_size());
  const size_t resultBytes = padded(describe(given).get_size());
  Memory places(forward.workspace_desc(), processor(), nullptr);
  Memory result(describe(given), processor(), nullptr);
  const Step find =
      executing(PoolingForward(forward), forward.scratchpad_desc(),
                {{DNNL_ARG_SRC, wrap(source)}, {DNNL_ARG_DST, result}, {DNNL_ARG_WORKSPACE, places}}, context,
                placesBytes + resultBytes);
  const Step spread = executing(
      PoolingBackward(backward), backward.scratchpad_desc(),
      {{DNNL_ARG_DIFF_DST, wrap(given)}, {DNNL_ARG_DIFF_SRC, wrap(computed)}, {DNNL_ARG_WORKSPACE, places}}, context,
      placesBytes);
  return [places, result, placesBytes, find, spread, &scratch = context.scratch]() mutable {
    places.set_data_handle(scratch.data());
    result.set_data_handle(scratch.data() + placesBytes);
    find();
    spread();
  };
}

Step upsampleNearest(const Dense& source, const Dense& result, StepContext& context) {
  const auto forward =
      descriptor<dnnl::resampling_forward>(scratchAttributes(), dnnl::prop_kind::forward_training,
                                           dnnl::algorithm::resampling_nearest, describe(source), describe(result));
  return executing(dnnl::resampling_forward(forward), forward.scratchpad_desc(),
                   {{DNNL_ARG_SRC, wrap(source)}, {DNNL_ARG_DST, wrap(result)}}, context);
}

}  // namespace foreloss
