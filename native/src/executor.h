// A queue of work and the threads that carry it out. There are two in the process. The one thread of `arithmetic` does everything
// that computes, in order, whichever learner it comes from: so there is one set of threads beneath it, and two learners at once
// take turns instead of getting in each other's way. The threads of `readers` wait for disks.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

namespace foreloss {

class Executor {
 public:
  static Executor& arithmetic();
  static Executor& readers();
  /** Puts work at the end of the queue. It must not throw. */
  void submit(std::function<void()> work);
  /** Waits until all that was submitted before is done. */
  void settle();

 private:
  explicit Executor(int threads);
  void loop();

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::condition_variable done_;
  std::deque<std::function<void()>> queue_;
  /** Pieces of work are numbered as they come: the first that nobody has begun, and those under way. */
  uint64_t next_ = 0;
  std::set<uint64_t> underWay_;
};

}  // namespace foreloss
