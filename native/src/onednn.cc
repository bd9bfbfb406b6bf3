// The library's engine and stream, and tensors in its terms.
#include "onednn.h"

namespace foreloss {

dnnl::engine& processor() {
  // Never destroyed: the thread that uses it outlives the end of main.
  static auto* engine = [] {
    // Plans keep their primitives themselves; a second store of them would only grow.
    dnnl::set_primitive_cache_capacity(0);
    return new dnnl::engine(dnnl::engine::kind::cpu, 0);
  }();
  return *engine;
}

dnnl::stream& processorStream() {
  // One for each thread: lanes compute at the same time.
  thread_local auto* stream = new dnnl::stream(processor());
  return *stream;
}

Memory::data_type typeOf(DType dtype) {
  switch (dtype) {
    case DType::float32:
      return Memory::data_type::f32;
    case DType::bfloat16:
      return Memory::data_type::bf16;
    case DType::int32:
      return Memory::data_type::s32;
    case DType::uint8:
      return Memory::data_type::u8;
  }
  return Memory::data_type::undef;
}

namespace {

/** Distances between neighbours along each axis of a dense tensor. */
std::vector<int64_t> stridesOf(const Dense& tensor) {
  const auto& shape = tensor.shape;
  std::vector<int64_t> strides(shape.size());
  if (tensor.channelsLast) {
    const int64_t channels = shape[1], width = shape[3];
    return {shape[2] * width * channels, 1, width * channels, channels};
  }
  int64_t distance = 1;
  for (size_t axis = shape.size(); axis-- > 0;) {
    strides[axis] = distance;
    distance *= shape[axis];
  }
  return strides;
}

}  // namespace

Memory::desc describe(const Dense& tensor) { return {tensor.shape, typeOf(tensor.dtype), stridesOf(tensor)}; }

Memory::desc anyOrder(const std::vector<int64_t>& shape, DType dtype) {
  return {shape, typeOf(dtype), Memory::format_tag::any};
}

Memory wrap(const Dense& tensor) { return Memory(describe(tensor), processor(), tensor.data); }

Memory reordered(Memory from, const Memory::desc& wanted) {
  Memory to(wanted, processor());
  dnnl::reorder(from, to).execute(processorStream(), from, to);
  processorStream().wait();
  return to;
}

dnnl::primitive_attr scratchAttributes() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

Step executing(const dnnl::primitive& primitive, const Memory::desc& scratchpad, Arguments arguments,
               StepContext& context, size_t offset) {
  context.scratch.want(offset + scratchpad.get_size());
  Memory working(scratchpad, processor(), nullptr);
  arguments[DNNL_ARG_SCRATCHPAD] = working;
  return [primitive, working, arguments, offset, &scratch = context.scratch]() mutable {
    working.set_data_handle(scratch.data() + offset);
    primitive.execute(processorStream(), arguments);
  };
}

}  // namespace foreloss
