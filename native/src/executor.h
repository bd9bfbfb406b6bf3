// The one thread of the process that does arithmetic. Everything goes through its queue in order, whichever learner it comes
// from: so there is one set of threads beneath it, and two learners at once take turns instead of getting in each other's way.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace foreloss {

class Executor {
 public:
  static Executor& instance();
  /** Puts work at the end of the queue. It must not throw. */
  void submit(std::function<void()> work);
  /** Waits until all that was submitted before is done. */
  void settle();

 private:
  Executor();
  void loop();

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::function<void()>> queue_;
};

}  // namespace foreloss
