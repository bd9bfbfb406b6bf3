// The thread lives as long as the process: it holds nothing that would have to be put away.
#include "executor.h"

#include <future>

namespace foreloss {

Executor& Executor::instance() {
  static Executor* executor = new Executor();
  return *executor;
}

Executor::Executor() {
  std::thread([this] { loop(); }).detach();
}

void Executor::submit(std::function<void()> work) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    queue_.push_back(std::move(work));
  }
  arrived_.notify_one();
}

void Executor::settle() {
  std::promise<void> reached;
  submit([&reached] { reached.set_value(); });
  reached.get_future().wait();
}

void Executor::loop() {
  for (;;) {
    std::function<void()> work;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      arrived_.wait(lock, [this] { return !queue_.empty(); });
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    work();
  }
}

}  // namespace foreloss
