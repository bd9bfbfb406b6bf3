// Which of the compiled kernels the processor can run.
#include <dnnl.hpp>

#include "kernels.h"

namespace foreloss {

extern const Kernels plainKernels;
#ifdef FORELOSS_X64
extern const Kernels avx2Kernels;
extern const Kernels avx512Kernels;
#endif

namespace {

#ifdef FORELOSS_X64
/** What the processor and the library's own limit (ONEDNN_MAX_CPU_ISA) allow: sets of instructions are sets of bits. */
bool allows(dnnl::cpu_isa wanted) {
  const auto effective = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  return (effective & static_cast<unsigned>(wanted)) == static_cast<unsigned>(wanted);
}
#endif

const Kernels& choose() {
#ifdef FORELOSS_X64
  if (multipliesBfloat16()) return avx512Kernels;
  if (allows(dnnl::cpu_isa::avx2) && __builtin_cpu_supports("fma")) return avx2Kernels;
#endif
  return plainKernels;
}

}  // namespace

bool multipliesBfloat16() {
#ifdef FORELOSS_X64
  return allows(dnnl::cpu_isa::avx512_core_bf16);
#else
  return false;
#endif
}

const Kernels& kernels() {
  static const Kernels& chosen = choose();
  return chosen;
}

}  // namespace foreloss
