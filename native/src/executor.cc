// The threads live as long as the process: they hold nothing that would have to be put away.
#include "executor.h"

#include <algorithm>
#include <map>
#include <vector>

namespace foreloss {
namespace {

/** Files that are asked of the disk at one time. */
constexpr int readerThreads = 4;

std::mutex lanesMutex;

/** How many are in each lane. */
std::vector<int>& crowds() {
  static auto* crowds = new std::vector<int>();
  return *crowds;
}

}  // namespace

int enterLane(int count) {
  const std::lock_guard<std::mutex> lock(lanesMutex);
  auto& in = crowds();
  in.resize(std::max<size_t>(in.size(), count));
  const auto emptiest = std::min_element(in.begin(), in.begin() + count);
  ++*emptiest;
  return static_cast<int>(emptiest - in.begin());
}

void leaveLane(int number) {
  const std::lock_guard<std::mutex> lock(lanesMutex);
  crowds().at(number)--;
}

Executor& Executor::lane(int number) {
  static auto* lanes = new std::map<int, Executor*>();
  const std::lock_guard<std::mutex> lock(lanesMutex);
  Executor*& lane = (*lanes)[number];
  if (lane == nullptr) lane = new Executor(1);
  return *lane;
}

Executor& Executor::readers() {
  static Executor* executor = new Executor(readerThreads);
  return *executor;
}

Executor::Executor(int threads) {
  for (int i = 0; i < threads; i++) std::thread([this] { loop(); }).detach();
}

void Executor::submit(std::function<void()> work) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    queue_.push_back(std::move(work));
  }
  arrived_.notify_one();
}

void Executor::settle() {
  std::unique_lock<std::mutex> lock(mutex_);
  const uint64_t end = next_ + queue_.size();
  done_.wait(lock, [&] { return next_ >= end && (underWay_.empty() || *underWay_.begin() >= end); });
}

void Executor::loop() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    arrived_.wait(lock, [this] { return !queue_.empty(); });
    std::function<void()> work = std::move(queue_.front());
    queue_.pop_front();
    const uint64_t number = next_++;
    underWay_.insert(number);
    lock.unlock();
    work();
    work = nullptr;  // what it holds goes before it counts as done
    lock.lock();
    underWay_.erase(number);
    done_.notify_all();
  }
}

}  // namespace foreloss
