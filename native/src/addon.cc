// What JavaScript sees: state that is opened, read, written and closed; plans that are compiled, run and closed. Every call but
// those that close gives a promise; the work is done by the executor's thread.
#include <napi.h>

#include <cstring>
#include <memory>
#include <mutex>

#include "executor.h"
#include "kernels.h"
#include "onednn.h"
#include "plan.h"
#include "read-plan.h"

namespace foreloss {
namespace {

/** A handle that can be closed: what it holds is then let go, and later calls are told so. */
template <class T>
struct Handle {
  std::shared_ptr<T> held;
};

template <class T>
Napi::Value handleOf(Napi::Env env, std::shared_ptr<T> held) {
  return Napi::External<Handle<T>>::New(env, new Handle<T>{std::move(held)},
                                        [](Napi::Env, Handle<T>* handle) { delete handle; });
}

template <class T>
std::shared_ptr<T> heldBy(const Napi::Value& value, const char* what) {
  if (!value.IsExternal()) throw Napi::TypeError::New(value.Env(), std::string("not a handle of a ") + what);
  auto held = value.As<Napi::External<Handle<T>>>().Data()->held;
  if (!held) throw Napi::Error::New(value.Env(), std::string("the ") + what + " is closed");
  return held;
}

/** One call from JavaScript that the executor works on. */
struct Job {
  Napi::Promise::Deferred deferred;
  std::function<void()> work;
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

/** Does `work` on the executor's thread, then gives what `result` makes of it. */
Napi::Value later(Napi::Env env, std::function<void()> work, std::function<Napi::Value(Napi::Env)> result) {
  const SharedWay way = *env.GetInstanceData<SharedWay>();
  auto job = std::make_shared<Job>(Job{Napi::Promise::Deferred::New(env), std::move(work), std::move(result), ""});
  const Napi::Promise promise = job->deferred.Promise();
  if (way->underWay++ == 0) way->function.Ref(env);
  Executor::instance().submit([way, job] {
    carryOut(*job);
    const std::lock_guard<std::mutex> lock(way->mutex);
    if (way->open) way->function.NonBlockingCall([way, job](Napi::Env env, Napi::Function) { finish(env, *way, *job); });
  });
  return promise;
}

/** Called when a JavaScript thread ends, before its functions go: at the end of the process no work may still be under way. */
void shut(SharedWay* way) {
  {
    const std::lock_guard<std::mutex> lock((*way)->mutex);
    (*way)->open = false;
  }
  Executor::instance().settle();
}

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

std::vector<char> bytesOf(const Napi::Value& value) {
  const auto values = value.As<Napi::TypedArray>();
  const char* start = static_cast<const char*>(values.ArrayBuffer().Data()) + values.ByteOffset();
  return {start, start + values.ByteLength()};
}

/** openState(Float32Array[]): a handle. */
Napi::Value openState(const Napi::CallbackInfo& info) {
  return guarded(info, [&](Napi::Env env) {
    const auto list = info[0].As<Napi::Array>();
    auto state = std::make_shared<State>();
    for (uint32_t i = 0; i < list.Length(); i++) {
      const auto values = list.Get(i).As<Napi::Float32Array>();
      state->entries.emplace_back(values.ByteLength());
      std::memcpy(state->entries.back().data(), values.Data(), values.ByteLength());
    }
    return handleOf(env, std::move(state));
  });
}

/** readState(state, index): Promise<Float32Array>. */
Napi::Value readState(const Napi::CallbackInfo& info) {
  return guarded(info, [&](Napi::Env env) {
    const auto state = heldBy<State>(info[0], "state");
    const auto index = info[1].As<Napi::Number>().Uint32Value();
    auto copy = std::make_shared<std::vector<char>>();
    return later(
        env,
        [state, index, copy] {
          const AlignedMemory& entry = state->entries.at(index);
          copy->assign(entry.data(), entry.data() + entry.size());
        },
        [copy](Napi::Env env) -> Napi::Value {
          auto values = Napi::Float32Array::New(env, copy->size() / sizeof(float));
          std::memcpy(values.Data(), copy->data(), copy->size());
          return values;
        });
  });
}

/** writeState(state, index, Float32Array): Promise<undefined>. */
Napi::Value writeState(const Napi::CallbackInfo& info) {
  return guarded(info, [&](Napi::Env env) {
    const auto state = heldBy<State>(info[0], "state");
    const auto index = info[1].As<Napi::Number>().Uint32Value();
    auto copy = std::make_shared<std::vector<char>>(bytesOf(info[2]));
    return later(
        env,
        [state, index, copy] {
          const AlignedMemory& entry = state->entries.at(index);
          if (entry.size() != copy->size()) throw std::invalid_argument("a state entry of another size");
          std::memcpy(entry.data(), copy->data(), copy->size());
        },
        [](Napi::Env env) -> Napi::Value { return env.Undefined(); });
  });
}

/** compile(state, plan): Promise<handle>. */
Napi::Value compile(const Napi::CallbackInfo& info) {
  return guarded(info, [&](Napi::Env env) {
    auto plan = readPlan(info[1].As<Napi::Object>(), heldBy<State>(info[0], "state"));
    return later(
        env, [plan] { plan->prepare(); },
        [plan](Napi::Env env) -> Napi::Value { return handleOf(env, plan); });
  });
}

/** run(plan, typed arrays in the order of its inputs): Promise<ArrayBuffer[]>. */
Napi::Value run(const Napi::CallbackInfo& info) {
  return guarded(info, [&](Napi::Env env) {
    const auto plan = heldBy<Plan>(info[0], "program");
    const auto list = info[1].As<Napi::Array>();
    auto feeds = std::make_shared<std::vector<std::vector<char>>>();
    for (uint32_t i = 0; i < list.Length(); i++) feeds->push_back(bytesOf(list.Get(i)));
    if (feeds->size() != plan->inputs.size()) throw std::invalid_argument("a wrong number of inputs");
    for (size_t i = 0; i < feeds->size(); i++)
      if ((*feeds)[i].size() != plan->inputs[i].bytes) throw std::invalid_argument("an input of another size");
    auto results = std::make_shared<std::vector<std::vector<char>>>();
    return later(
        env, [plan, feeds, results] { *results = plan->run(*feeds); },
        [results](Napi::Env env) -> Napi::Value {
          auto buffers = Napi::Array::New(env, results->size());
          for (uint32_t i = 0; i < results->size(); i++) {
            const std::vector<char>& bytes = (*results)[i];
            auto buffer = Napi::ArrayBuffer::New(env, bytes.size());
            std::memcpy(buffer.Data(), bytes.data(), bytes.size());
            buffers.Set(i, buffer);
          }
          return buffers;
        });
  });
}

/** profile(plan): for each instruction { by, seconds }. */
Napi::Value profile(const Napi::CallbackInfo& info) {
  return guarded(info, [&](Napi::Env env) -> Napi::Value {
    const auto plan = heldBy<Plan>(info[0], "program");
    auto list = Napi::Array::New(env, plan->seconds.size());
    for (uint32_t i = 0; i < plan->seconds.size(); i++) {
      auto entry = Napi::Object::New(env);
      entry.Set("by", plan->implementations[i]);
      entry.Set("seconds", plan->seconds[i]);
      list.Set(i, entry);
    }
    return list;
  });
}

template <class T>
Napi::Value close(const Napi::CallbackInfo& info) {
  info[0].As<Napi::External<Handle<T>>>().Data()->held.reset();
  return info.Env().Undefined();
}

std::string versionOfLibrary() {
  const auto* version = dnnl::version();
  return "oneDNN " + std::to_string(version->major) + "." + std::to_string(version->minor) + "." +
         std::to_string(version->patch);
}

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  auto* way = new SharedWay(std::make_shared<WayBack>());
  (*way)->function = Napi::ThreadSafeFunction::New(env, Napi::Function::New(env, [](const Napi::CallbackInfo&) {}),
                                                   "foreloss", 0, 1);
  (*way)->function.Unref(env);
  env.SetInstanceData(way);
  env.AddCleanupHook(shut, way);
  exports.Set("version", versionOfLibrary());
  exports.Set("kernels", kernels().name);
  exports.Set("bfloat16", multipliesBfloat16());
  exports.Set("openState", Napi::Function::New(env, openState));
  exports.Set("readState", Napi::Function::New(env, readState));
  exports.Set("writeState", Napi::Function::New(env, writeState));
  exports.Set("closeState", Napi::Function::New(env, close<State>));
  exports.Set("compile", Napi::Function::New(env, compile));
  exports.Set("run", Napi::Function::New(env, run));
  exports.Set("profile", Napi::Function::New(env, profile));
  exports.Set("close", Napi::Function::New(env, close<Plan>));
  return exports;
}

}  // namespace

Napi::Object initialiseAddon(Napi::Env env, Napi::Object exports) { return initialise(env, exports); }
NODE_API_MODULE(foreloss, initialiseAddon)

}  // namespace foreloss
