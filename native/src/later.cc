// A call becomes a job; whoever has done its work hands it back over a thread-safe function.
#include "later.h"

#include <algorithm>
#include <dnnl.hpp>
#include <memory>
#include <mutex>
#include <string>

namespace foreloss {
namespace {

/** One call from JavaScript that is worked on. */
struct Job {
  Napi::Promise::Deferred deferred;
  Work work;
  std::function<Napi::Value(Napi::Env)> result;
  std::string error;
};

/**
 * The way back to a JavaScript thread. It keeps the thread alive only while calls are under way. When the thread ends first, its
 * calls are dropped: `open` says whether there is anybody to go back to.
 */
struct WayBack {
  Napi::ThreadSafeFunction function;
  int underWay = 0;
  /** -1 until one is taken. */
  int lane = -1;
  std::mutex mutex;
  bool open = true;
};

void settlePromise(Napi::Env env, Job& job) {
  try {
    if (!job.error.empty()) throw Napi::Error::New(env, job.error);
    job.deferred.Resolve(job.result(env));
  } catch (const Napi::Error& error) {
    job.deferred.Reject(error.Value());
  } catch (const std::exception& error) {
    job.deferred.Reject(Napi::Error::New(env, error.what()).Value());
  }
}

/** Nothing may leave this: in a thread that is being ended no value can be made any more, and nobody waits for one. */
void finish(Napi::Env env, WayBack& way, Job& job) noexcept {
  try {
    if (--way.underWay == 0) way.function.Unref(env);
    const Napi::HandleScope scope(env);
    settlePromise(env, job);
  } catch (...) {
  }
}

/** Does the job's work; what goes wrong is told in words. */
void carryOut(Job& job) {
  try {
    job.work();
  } catch (const dnnl::error& error) {
    job.error = std::string("oneDNN: ") + error.what();
  } catch (const std::bad_alloc&) {
    job.error = "out of memory";
  } catch (const std::exception& error) {
    job.error = error.what();
  }
}

using SharedWay = std::shared_ptr<WayBack>;

Executor& laneOf(const WayBack& way) { return Executor::lane(std::max(way.lane, 0)); }

/** Called when a JavaScript thread ends, before its functions go: at the end of the process no work may still be under way. */
void shut(SharedWay* way) {
  {
    const std::lock_guard<std::mutex> lock((*way)->mutex);
    (*way)->open = false;
  }
  Executor::readers().settle();  // they come first: they hand work on to the lanes
  laneOf(**way).settle();
  if ((*way)->lane >= 0) leaveLane((*way)->lane);
}

}  // namespace

Napi::Value later(Napi::Env env, const std::function<void(Work)>& submit, Work work,
                  std::function<Napi::Value(Napi::Env)> result) {
  const SharedWay way = *env.GetInstanceData<SharedWay>();
  auto job = std::make_shared<Job>(Job{Napi::Promise::Deferred::New(env), std::move(work), std::move(result), ""});
  const Napi::Promise promise = job->deferred.Promise();
  if (way->underWay++ == 0) way->function.Ref(env);
  submit([way, job] {
    carryOut(*job);
    const std::lock_guard<std::mutex> lock(way->mutex);
    if (way->open) way->function.NonBlockingCall([way, job](Napi::Env env, Napi::Function) { finish(env, *way, *job); });
  });
  return promise;
}

Napi::Value later(Napi::Env env, Work work, std::function<Napi::Value(Napi::Env)> result) {
  const auto submit = [env](Work work) { laneOf(env).submit(std::move(work)); };
  return later(env, submit, std::move(work), std::move(result));
}

Executor& laneOf(Napi::Env env) { return laneOf(**env.GetInstanceData<SharedWay>()); }

Napi::Value takeLane(const Napi::CallbackInfo& info) {
  return guarded(info, [&](Napi::Env env) -> Napi::Value {
    int& lane = (*env.GetInstanceData<SharedWay>())->lane;
    if (lane < 0) lane = enterLane(std::max(info[0].As<Napi::Number>().Int32Value(), 1));
    return Napi::Number::New(env, lane);
  });
}

void prepareLater(Napi::Env env) {
  auto* way = new SharedWay(std::make_shared<WayBack>());
  (*way)->function = Napi::ThreadSafeFunction::New(env, Napi::Function::New(env, [](const Napi::CallbackInfo&) {}),
                                                   "foreloss", 0, 1);
  (*way)->function.Unref(env);
  env.SetInstanceData(way);
  env.AddCleanupHook(shut, way);
}

}  // namespace foreloss
