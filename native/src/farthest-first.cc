// Lazy, as `farthest.ts`: an item is only compared with further centres while it may still be the farthest. Four centres at a
// time are looked at in float32 first; what is certainly no nearer than the nearest so far needs no exact distance.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>
#include <vector>

#include "choosing.h"
#include "row-kernels.h"
#include "threads.h"

namespace foreloss {
namespace {

/** Multiplications for which threads are woken up. */
constexpr double worthThreads = 1e7;
/** Items that are compared with so many centres each before they go on to the next: these stay in the first cache. */
constexpr int64_t itemsInTurn = 32;
constexpr int64_t centresInTurn = 16;

class Search {
 public:
  Search(FarthestFirst& task, double seconds, int threads)
      : task_(task), threads_(threads), end_(Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                                           std::chrono::duration<double>(seconds))) {}

  /** Position of the next pick; -1 when the time is over before it is found. */
  int64_t next() {
    const int64_t first = std::max_element(task_.bound, task_.bound + task_.own.rows) - task_.bound;
    reach_ = refresh(first, 0, centres());
    std::vector<uint32_t> candidates;
    const double reach = reach_;
    for (int64_t item = 0; item < task_.own.rows; item++)
      if (task_.bound[item] >= reach) candidates.push_back(static_cast<uint32_t>(item));
    if (!refreshAll(candidates)) return -1;
    return farthest(candidates);
  }

  void take(int64_t item) {
    task_.picks[task_.made++] = static_cast<uint32_t>(item);
    task_.bound[item] = -1;
  }

  bool timeIsOver() const { return Clock::now() >= end_; }

 private:
  using Clock = std::chrono::steady_clock;

  const float* centre(int64_t index) const {
    const int64_t labelled = task_.labelled.rows;
    return index < labelled ? task_.labelled.row(index) : task_.own.row(task_.picks[index - labelled]);
  }

  int64_t centres() const { return task_.labelled.rows + task_.made; }

  /** Compares an item with further centres, below `end`, until its bound is below `floor`. */
  double refresh(int64_t item, double floor, int64_t end) {
    double least = task_.bound[item];
    int64_t next = task_.compared[item];
    for (; next < end && least >= floor; next += 4) least = nearer(item, next, std::min<int64_t>(4, end - next), least);
    task_.compared[item] = static_cast<uint32_t>(std::min(next, end));
    return task_.bound[item] = least;
  }

  /** The least of `least` and the distances to up to four centres. */
  double nearer(int64_t item, int64_t first, int64_t count, double least) const {
    const int64_t columns = task_.own.columns;
    const float* row = task_.own.row(item);
    const float* centres[4];
    for (int64_t k = 0; k < 4; k++) centres[k] = centre(first + std::min(k, count - 1));
    float about[4];
    rowKernels().screen(about, row, centres, columns);
    const float sure = 1 - screenError(columns);
    for (int64_t k = 0; k < count; k++) {
      const bool inRange = about[k] > 1e-30f && about[k] < 1e38f;
      if (inRange && static_cast<double>(about[k]) * sure >= least) continue;
      least = std::min(least, rowKernels().squaredDistance(row, centres[k], columns));
    }
    return least;
  }

  /** False when the time was over; all may have been looked at even so. */
  bool refreshAll(const std::vector<uint32_t>& candidates) {
    double outstanding = 0;
    for (const uint32_t item : candidates) outstanding += static_cast<double>(centres() - task_.compared[item]);
    const bool alone = outstanding * task_.own.columns < worthThreads;
    const auto turns = static_cast<int64_t>(candidates.size() + itemsInTurn - 1) / itemsInTurn;
    std::atomic<int64_t> turn{0};
    std::atomic<bool> stopped{false};
    inParallel(alone ? 1 : threads_, [&](int) {
      for (int64_t i = turn++; i < turns && !stopped; i = turn++) {
        if (refreshTurn(candidates, i) && timeIsOver()) stopped = true;
      }
    });
    return !stopped;
  }

  /** Whether there was anything to do. */
  bool refreshTurn(const std::vector<uint32_t>& candidates, int64_t turn) {
    const auto first = candidates.begin() + turn * itemsInTurn;
    const auto last = candidates.begin() + std::min<int64_t>(candidates.size(), (turn + 1) * itemsInTurn);
    const auto isBehind = [&](uint32_t a, uint32_t b) { return task_.compared[a] < task_.compared[b]; };
    const int64_t start = task_.compared[*std::min_element(first, last, isBehind)];
    for (int64_t from = start; from < centres(); from += centresInTurn) {
      const int64_t end = std::min(centres(), from + centresInTurn);
      bool going = false;
      for (auto item = first; item != last; item++) {
        if (task_.bound[*item] < reach_) continue;
        if (task_.compared[*item] < end) refresh(*item, reach_, end);
        going = true;
      }
      if (!going) break;
    }
    for (auto item = first; item != last; item++)
      if (task_.compared[*item] == centres()) raise(task_.bound[*item]);
    return start < centres();
  }

  /** To be told of an item that has been compared with every centre. */
  void raise(double distance) {
    double known = reach_;
    while (distance > known && !reach_.compare_exchange_weak(known, distance)) {
    }
  }

  int64_t farthest(const std::vector<uint32_t>& candidates) const {
    int64_t best = candidates.front();
    for (const uint32_t item : candidates) {
      const bool level = task_.bound[item] == task_.bound[best];
      if (task_.bound[item] > task_.bound[best] || (level && task_.rank[item] < task_.rank[best])) best = item;
    }
    return best;
  }

  FarthestFirst& task_;
  int threads_;
  Clock::time_point end_;
  /** The largest distance that is known to be one. */
  std::atomic<double> reach_{0};
};

}  // namespace

int64_t pickFarthest(FarthestFirst& task, double seconds, int threads) {
  Search search(task, seconds, threads);
  while (task.made < task.count) {
    const int64_t item = search.next();
    if (item < 0) break;
    search.take(item);
    if (search.timeIsOver()) break;
  }
  return task.made;
}

}  // namespace foreloss
