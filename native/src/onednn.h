// The library's vocabulary, and what differs between its versions 2 and 3: how primitives are described.
#pragma once
#include <dnnl.hpp>
#include <unordered_map>
#include <utility>

#include "step.h"

namespace foreloss {

using Memory = dnnl::memory;
using Arguments = std::unordered_map<int, dnnl::memory>;

/** The processor as the library's engine, and the order in which it works. */
dnnl::engine& processor();
dnnl::stream& processorStream();

Memory::data_type typeOf(DType dtype);
/** The tensor as it lies. */
Memory::desc describe(const Dense& tensor);
/** Its extents in whatever order the library likes best, in numbers of `dtype`. */
Memory::desc anyOrder(const std::vector<int64_t>& shape, DType dtype);
Memory wrap(const Dense& tensor);

/** Attributes of a primitive that works in the plan's scratch memory. */
dnnl::primitive_attr scratchAttributes();

/** Runs the primitive with its working memory taken from the scratch, from `offset` on. */
Step executing(const dnnl::primitive& primitive, const Memory::desc& scratchpad, Arguments arguments,
               StepContext& context, size_t offset = 0);

/** The numbers in the order `wanted`, in memory of their own. */
Memory reordered(Memory from, const Memory::desc& wanted);

/** Bytes up to the next cache line. */
inline size_t padded(size_t bytes) { return (bytes + cacheLine - 1) / cacheLine * cacheLine; }

#if DNNL_VERSION_MAJOR >= 3
using PoolingForward = dnnl::pooling_forward;
using PoolingBackward = dnnl::pooling_backward;

template <class Primitive, class... Values>
typename Primitive::primitive_desc descriptor(const dnnl::primitive_attr& attributes, const Values&... values) {
  return typename Primitive::primitive_desc(processor(), values..., attributes);
}

/** The same for a backward primitive, which belongs to a forward one. */
template <class Primitive, class Forward, class... Values>
typename Primitive::primitive_desc backwardDescriptor(const dnnl::primitive_attr& attributes, const Forward& forward,
                                                      const Values&... values) {
  return typename Primitive::primitive_desc(processor(), values..., forward, attributes);
}

inline void appendRelu(dnnl::post_ops& operations) {
  operations.append_eltwise(dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
}
#else
using PoolingForward = dnnl::pooling_v2_forward;
using PoolingBackward = dnnl::pooling_v2_backward;

template <class Primitive, class... Values>
typename Primitive::primitive_desc descriptor(const dnnl::primitive_attr& attributes, const Values&... values) {
  return typename Primitive::primitive_desc(typename Primitive::desc(values...), attributes, processor());
}

template <class Primitive, class Forward, class... Values>
typename Primitive::primitive_desc backwardDescriptor(const dnnl::primitive_attr& attributes, const Forward& forward,
                                                      const Values&... values) {
  return typename Primitive::primitive_desc(typename Primitive::desc(values...), attributes, processor(), forward);
}

inline void appendRelu(dnnl::post_ops& operations) {
  operations.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
}
#endif

}  // namespace foreloss
