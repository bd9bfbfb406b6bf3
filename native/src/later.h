// Calls from JavaScript that give a promise: the work is done by other threads, the promise is settled on the caller's.
#pragma once
#include <napi.h>

#include <functional>

#include "executor.h"

namespace foreloss {

using Work = std::function<void()>;

/** Does `work` in the caller's lane, then gives what `result` makes of it. */
Napi::Value later(Napi::Env env, Work work, std::function<Napi::Value(Napi::Env)> result);

/** The same where `submit` sees to it that the work is done, once, on whatever thread. */
Napi::Value later(Napi::Env env, const std::function<void(Work)>& submit, Work work,
                  std::function<Napi::Value(Napi::Env)> result);

/** The lane in which the work of this JavaScript thread is done. */
Executor& laneOf(Napi::Env env);

/** takeLane(lanes): number of the lane, one of the first `lanes`, that this JavaScript thread keeps until it ends. */
Napi::Value takeLane(const Napi::CallbackInfo& info);

/** To be called once by each JavaScript thread that loads the addon, before anything else. */
void prepareLater(Napi::Env env);

/** Calls `body` and turns what it throws into a JavaScript error. */
template <class Body>
Napi::Value guarded(const Napi::CallbackInfo& info, const Body& body) {
  try {
    return body(info.Env());
  } catch (const Napi::Error&) {
    throw;
  } catch (const std::exception& error) {
    throw Napi::Error::New(info.Env(), error.what());
  }
}

}  // namespace foreloss
