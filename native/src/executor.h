// A queue of work and the threads that carry it out. Everything that computes is done in lanes: a lane has one thread, which does
// one thing after the other and brings the threads of the arithmetic library with it. There are as many lanes as the cores are
// shared by, so learners of one thread each work side by side, and learners that take all cores take turns instead of getting in
// each other's way. The threads of `readers` wait for disks.
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
  /** The thread of a lane; lane 0 is that of whoever has entered none. */
  static Executor& lane(int number);
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

/** The emptiest among the first `count` lanes, counted as in use until `leaveLane`. */
int enterLane(int count);
void leaveLane(int number);

}  // namespace foreloss
