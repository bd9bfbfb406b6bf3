// How a plan is made ready and carried out.
#include "plan.h"

#include <chrono>
#include <cstring>
#include <dnnl.hpp>
#include <stdexcept>

#include "threads.h"

namespace foreloss {

void Plan::prepare() {
  useThreads(threads);
  StepContext context{threads, scratch};
  implementations.resize(makers.size());
  seconds.assign(makers.size(), 0.0);
  for (size_t i = 0; i < makers.size(); i++) {
    try {
      steps.push_back(makers[i](context, implementations[i]));
    } catch (const dnnl::error& error) {
      throw std::runtime_error(labels[i] + ": oneDNN cannot do it (" + error.what() + ")");
    }
  }
  makers.clear();
  scratch.allocate();
}

std::vector<std::vector<char>> Plan::run(const std::vector<std::vector<char>>& feeds) {
  using Clock = std::chrono::steady_clock;
  useThreads(threads);
  for (size_t i = 0; i < inputs.size(); i++) std::memcpy(inputs[i].start, feeds[i].data(), inputs[i].bytes);
  auto before = Clock::now();
  for (size_t i = 0; i < steps.size(); i++) {
    steps[i]();
    const auto after = Clock::now();
    seconds[i] += std::chrono::duration<double>(after - before).count();
    before = after;
  }
  std::vector<std::vector<char>> results;
  for (const Span& output : outputs) results.emplace_back(output.start, output.start + output.bytes);
  return results;
}

}  // namespace foreloss
