// Work in parallel: each of `count` parts gets its number. Parts are fixed by their count, so that a result depends on the
// number of threads and on nothing else. The threads are those of the arithmetic library, which uses OpenMP too.
#pragma once
#include <cstdint>
#ifdef _OPENMP
#include <omp.h>
#endif

namespace foreloss {

inline void useThreads(int count) {
#ifdef _OPENMP
  omp_set_dynamic(0);
  omp_set_num_threads(count);
#else
  (void)count;
#endif
}

/** Calls `work(part)` for every part below `count`, at the same time where there are threads for it. */
template <class Work>
void inParallel(int count, const Work& work) {
  if (count == 1) return work(0);
#pragma omp parallel for schedule(static, 1) num_threads(count)
  for (int part = 0; part < count; part++) work(part);
}

/** Start of part `part` of `count` when `total` things are shared evenly. */
inline int64_t startOfPart(int64_t total, int part, int count) { return total * part / count; }

}  // namespace foreloss
