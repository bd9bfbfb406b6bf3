// Work in parallel: each of `count` parts gets its number. Parts are fixed by their count, so that a result depends on the
// number of threads and on nothing else. The threads are those of the arithmetic library, which uses OpenMP too.
#pragma once
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>
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

/** Calls `work(i)` for every i below `count`, each when a thread is free for it. It must not throw. */
template <class Work>
void inTurns(int64_t count, const Work& work) {
  std::atomic<int64_t> next{0};
  const auto takeTurns = [&] {
    for (int64_t i = next++; i < count; i = next++) work(i);
  };
#ifdef _OPENMP
#pragma omp parallel
  takeTurns();
#else
  std::vector<std::thread> others(std::max(1u, std::thread::hardware_concurrency()) - 1);
  for (std::thread& other : others) other = std::thread(takeTurns);
  takeTurns();
  for (std::thread& other : others) other.join();
#endif
}

/** Start of part `part` of `count` when `total` things are shared evenly. */
inline int64_t startOfPart(int64_t total, int part, int count) { return total * part / count; }

}  // namespace foreloss
