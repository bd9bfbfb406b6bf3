// Lazy, as `farthest.ts`: an item is only compared with further centres while it may still be the farthest. Most comparisons are
// settled without an exact distance, by whichever of `Comparison`'s ways is the cheapest for the items at hand.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <vector>

#include "choosing.h"
#include "comparison.h"
#include "threads.h"

namespace foreloss {
namespace {

/** Multiplications for which threads are woken up. */
constexpr double worthThreads = 1e7;
/** Items further behind than so many centres bring others along, until there are so many in all. */
constexpr uint32_t farBehind = 64;
constexpr size_t itemsTogether = 2 * itemsInTurn;

class Search {
 public:
  Search(FarthestFirst& task, double seconds, int threads)
      : task_(task),
        comparisons_(threads, Comparison(task)),
        allowed_(std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds))),
        end_(Clock::now() + allowed_) {}

  /** Position of the next pick; -1 when the time is over before it is found. */
  int64_t next() {
    const int64_t first = std::max_element(task_.bound, task_.bound + task_.own.rows) - task_.bound;
    reach_ = comparisons_[0].refresh(first, 0, task_.centres());
    std::vector<uint32_t> candidates;
    const double reach = reach_;
    for (int64_t item = 0; item < task_.own.rows; item++)
      if (task_.bound[item] >= reach) candidates.push_back(static_cast<uint32_t>(item));
    const double floor = bringOthers(candidates);
    // Of many items to look through that alone takes long: it must not be all that a call comes to.
    if (first_) end_ = Clock::now() + allowed_;
    first_ = false;
    if (!refreshAll(candidates, floor)) return -1;
    return farthest(candidates);
  }

  void take(int64_t item) {
    task_.picks[task_.made++] = static_cast<uint32_t>(item);
    task_.bound[item] = -1;
  }

  bool timeIsOver() const { return Clock::now() >= end_; }

 private:
  using Clock = std::chrono::steady_clock;

  uint32_t behind(uint32_t item) const { return static_cast<uint32_t>(task_.centres()) - task_.compared[item]; }

  /**
   * Few candidates that are far behind bring along those with the next largest bounds. It would be their turn soon, and many
   * items at a time are cheaper. Gives the bound from which on items have to be compared with all centres.
   */
  double bringOthers(std::vector<uint32_t>& candidates) const {
    const auto isFarBehind = [&](uint32_t item) { return behind(item) >= farBehind; };
    const double reach = reach_;
    if (candidates.size() >= itemsTogether || std::none_of(candidates.begin(), candidates.end(), isFarBehind)) return reach;
    std::vector<uint32_t> others;
    for (int64_t item = 0; item < task_.own.rows; item++) {
      const bool isPick = task_.bound[item] < 0;
      if (!isPick && task_.bound[item] < reach && isFarBehind(item)) others.push_back(static_cast<uint32_t>(item));
    }
    const size_t count = std::min(others.size(), itemsTogether - candidates.size());
    if (count == 0) return reach;
    const auto last = others.begin() + count - 1;
    std::nth_element(others.begin(), last, others.end(),
                     [&](uint32_t a, uint32_t b) { return task_.bound[a] > task_.bound[b]; });
    const double floor = task_.bound[*last];
    candidates.insert(candidates.end(), others.begin(), last + 1);
    return floor;
  }

  /** False when the time was over; all may have been looked at even so. */
  bool refreshAll(const std::vector<uint32_t>& candidates, double floor) {
    double outstanding = 0;
    for (const uint32_t item : candidates) outstanding += behind(item);
    const bool alone = outstanding * task_.own.columns < worthThreads;
    const auto turns = static_cast<int64_t>(candidates.size() + itemsInTurn - 1) / itemsInTurn;
    std::atomic<int64_t> turn{0};
    std::atomic<bool> stopped{false};
    inParallel(alone ? 1 : static_cast<int>(comparisons_.size()), [&](int part) {
      for (int64_t i = turn++; i < turns && !stopped; i = turn++) {
        const auto first = candidates.data() + i * itemsInTurn;
        const auto count = std::min<int64_t>(itemsInTurn, candidates.size() - i * itemsInTurn);
        if (refreshTurn(comparisons_[part], first, count, floor) && timeIsOver()) stopped = true;
      }
    });
    return !stopped;
  }

  /** Whether there was anything to do. */
  bool refreshTurn(Comparison& comparison, const uint32_t* items, int64_t count, double floor) {
    const auto isBehind = [&](uint32_t a, uint32_t b) { return task_.compared[a] < task_.compared[b]; };
    const int64_t start = task_.compared[*std::min_element(items, items + count, isBehind)];
    for (int64_t from = start; from < task_.centres(); from += centresInTurn) {
      const double least = std::min<double>(floor, reach_);
      if (!comparison.refreshSome(items, count, least, {from, std::min(task_.centres(), from + centresInTurn)})) break;
    }
    for (int64_t i = 0; i < count; i++)
      if (task_.compared[items[i]] == task_.centres()) raise(task_.bound[items[i]]);
    return start < task_.centres();
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
  /** One for each thread. */
  std::vector<Comparison> comparisons_;
  Clock::duration allowed_;
  Clock::time_point end_;
  /** Whether this is the first search of the call. */
  bool first_ = true;
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
