// Which of the compiled kernels the processor can run.
#include <dnnl.hpp>

#include "kernels.h"
#include "row-kernels.h"
#include "tiles.h"
#if defined(FORELOSS_X64) && defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace foreloss {

extern const Kernels plainKernels;
extern const RowKernels plainRowKernels;
#ifdef FORELOSS_X64
extern const Kernels avx2Kernels;
extern const RowKernels avx2RowKernels;
extern const Kernels avx512Kernels;
extern const RowKernels avx512RowKernels;
extern const TileKernels amxKernels;
#endif

namespace {

#ifdef FORELOSS_X64
/** What the processor and the library's own limit (ONEDNN_MAX_CPU_ISA) allow: sets of instructions are sets of bits. */
bool allows(dnnl::cpu_isa wanted) {
  const auto effective = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  return (effective & static_cast<unsigned>(wanted)) == static_cast<unsigned>(wanted);
}
#endif

#ifdef FORELOSS_X64
template <class Set>
const Set& choose(const Set& plain, const Set& avx2, const Set& avx512) {
  if (multipliesBfloat16()) return avx512;
  return allows(dnnl::cpu_isa::avx2) && __builtin_cpu_supports("fma") ? avx2 : plain;
}
#define CHOOSE(set) choose(plain##set, avx2##set, avx512##set)
#else
#define CHOOSE(set) plain##set
#endif

/** Linux keeps tile registers for a process only once it has asked; other systems that have them need no question. */
bool tilesAreKept() {
#if defined(FORELOSS_X64) && defined(__linux__)
  constexpr long requestPermission = 0x1023, tileData = 18;
  return syscall(SYS_arch_prctl, requestPermission, tileData) == 0;
#else
  return true;
#endif
}

const TileKernels* chooseTiles() {
#ifdef FORELOSS_X64
  if (allows(dnnl::cpu_isa::avx512_core_amx) && tilesAreKept()) return &amxKernels;
#endif
  return nullptr;
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
  static const Kernels& chosen = CHOOSE(Kernels);
  return chosen;
}

const RowKernels& rowKernels() {
  static const RowKernels& chosen = CHOOSE(RowKernels);
  return chosen;
}

const TileKernels* tileKernels() {
  static const TileKernels* chosen = chooseTiles();
  return chosen;
}

}  // namespace foreloss
