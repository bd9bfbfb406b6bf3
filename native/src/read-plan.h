// Plans as they come from JavaScript; `instructions.ts` says what they hold.
#pragma once
#include <napi.h>

#include <memory>

#include "plan.h"

namespace foreloss {

/** Reads a plan; the memory it names is there afterwards, its steps are not made yet. */
std::shared_ptr<Plan> readPlan(const Napi::Object& source, std::shared_ptr<State> state);

}  // namespace foreloss
