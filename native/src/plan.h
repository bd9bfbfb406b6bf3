// A program made ready: memory, steps in order, and where its inputs come in and its outputs go out.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "step.h"

namespace foreloss {

/** float32 tensors that plans read and write in place, by number. */
struct State {
  std::vector<AlignedMemory> entries;
};

/** A stretch of a plan's memory. */
struct Span {
  char* start;
  size_t bytes;
};

/** What has to be known to make a step, once it is wanted. */
using StepMaker = std::function<Step(StepContext&, std::string& implementation)>;

struct Plan {
  int threads = 1;
  std::shared_ptr<State> state;
  AlignedMemory arena;
  AlignedMemory constants;
  std::vector<Span> inputs;
  std::vector<Span> outputs;
  std::vector<StepMaker> makers;
  /** What each step does, for errors. */
  std::vector<std::string> labels;

  Scratch scratch;
  std::vector<Step> steps;
  /** For profiles: by what each step is done, and the time it has taken in all. */
  std::vector<std::string> implementations;
  std::vector<double> seconds;

  /** Makes the steps. On the executor's thread. */
  void prepare();
  /** Takes the inputs, carries the steps out, gives the outputs. On the executor's thread. */
  std::vector<std::vector<char>> run(const std::vector<std::vector<char>>& feeds);
};

}  // namespace foreloss
