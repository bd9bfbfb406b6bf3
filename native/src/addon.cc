// What JavaScript sees: state that is opened, read, written and closed; plans that are compiled, run and closed. Every call but
// those that close gives a promise; the work is done in the lane of the calling thread. (Pictures: `pictures-addon.cc`, choosing:
// `choosing-addon.cc`.)
#include <napi.h>

#include <cstring>
#include <memory>

#include "choosing-addon.h"
#include "kernels.h"
#include "later.h"
#include "onednn.h"
#include "pictures-addon.h"
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
  prepareLater(env);
  exports.Set("interfaceNumber", 4);  // as in addon.ts
  exports.Set("version", versionOfLibrary());
  exports.Set("kernels", kernels().name);
  exports.Set("bfloat16", multipliesBfloat16());
  exports.Set("takeLane", Napi::Function::New(env, takeLane));
  exports.Set("openState", Napi::Function::New(env, openState));
  exports.Set("readState", Napi::Function::New(env, readState));
  exports.Set("writeState", Napi::Function::New(env, writeState));
  exports.Set("closeState", Napi::Function::New(env, close<State>));
  exports.Set("compile", Napi::Function::New(env, compile));
  exports.Set("run", Napi::Function::New(env, run));
  exports.Set("profile", Napi::Function::New(env, profile));
  exports.Set("close", Napi::Function::New(env, close<Plan>));
  addPictureFunctions(env, exports);
  addChoosingFunctions(env, exports);
  return exports;
}

}  // namespace

Napi::Object initialiseAddon(Napi::Env env, Napi::Object exports) { return initialise(env, exports); }
NODE_API_MODULE(foreloss, initialiseAddon)

}  // namespace foreloss
