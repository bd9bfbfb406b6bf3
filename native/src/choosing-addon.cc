// The arrays are those of the caller and are worked on where they lie: it must leave them alone until the promise is settled.
#include "choosing-addon.h"

#include <memory>
#include <string>

#include "choosing.h"
#include "later.h"

namespace foreloss {
namespace {

/** The one argument of a call, { name: array or number }. It is kept from being collected until `letGo`. */
class Task {
 public:
  explicit Task(const Napi::Value& value) : object_(Napi::Persistent(value.As<Napi::Object>())) {
    object_.SuppressDestruct();  // where a thread ends in between, nobody is left to let go
  }

  int64_t number(const char* name) const { return object_.Get(name).As<Napi::Number>().Int64Value(); }

  template <class T>
  T* array(const char* name) const {
    const Napi::Value value = object_.Get(name);
    if (!value.IsTypedArray()) throw std::invalid_argument(std::string(name) + " is no typed array");
    if (value.As<Napi::TypedArray>().ElementSize() != sizeof(T))
      throw std::invalid_argument(std::string(name) + " has numbers of another size");
    return value.As<Napi::TypedArrayOf<T>>().Data();
  }

  /** A matrix { rows, columns, values }. */
  Rows rows(const char* name) const {
    const auto matrix = object_.Get(name).As<Napi::Object>();
    const auto values = matrix.Get("values").As<Napi::Float32Array>();
    const Rows rows = {values.Data(), matrix.Get("rows").As<Napi::Number>().Int64Value(),
                       matrix.Get("columns").As<Napi::Number>().Int64Value()};
    if (static_cast<int64_t>(values.ElementLength()) < rows.rows * rows.columns)
      throw std::invalid_argument(std::string(name) + " has fewer numbers than rows and columns say");
    return rows;
  }

  Range range() const { return {number("from"), number("to")}; }
  int threads() const { return static_cast<int>(number("threads")); }
  void letGo() { object_.Reset(); }

 private:
  Napi::ObjectReference object_;
};

using SharedTask = std::shared_ptr<Task>;

/** `prepare` reads the task and gives the work on it. */
template <class Prepare>
Napi::Value work(const Napi::CallbackInfo& info, const Prepare& prepare) {
  return guarded(info, [&](Napi::Env env) {
    const auto task = std::make_shared<Task>(info[0]);
    return later(env, prepare(*task), [task](Napi::Env env) -> Napi::Value {
      task->letGo();
      return env.Undefined();
    });
  });
}

/** farthestFirst(task): Promise<number of picks that are made now>. */
Napi::Value farthestFirst(const Napi::CallbackInfo& info) {
  return guarded(info, [&](Napi::Env env) {
    const auto task = std::make_shared<Task>(info[0]);
    const auto search = std::make_shared<FarthestFirst>(FarthestFirst{
        task->rows("own"), task->rows("labelled"), task->array<uint32_t>("rank"), task->array<double>("bound"),
        task->array<uint32_t>("compared"), task->array<uint32_t>("picks"), task->number("made"), task->number("count")});
    const double seconds = task->number("milliseconds") / 1000.0;
    const int threads = task->threads();
    return later(
        env, [search, seconds, threads] { pickFarthest(*search, seconds, threads); },
        [search, task](Napi::Env env) -> Napi::Value {
          task->letGo();
          return Napi::Number::New(env, static_cast<double>(search->made));
        });
  });
}

/** approachRow(task): Promise<undefined>. */
Napi::Value approachRowLater(const Napi::CallbackInfo& info) {
  return work(info, [](const Task& task) -> Work {
    return [points = task.rows("points"), centre = task.number("centre"), nearest = task.array<double>("nearest"),
            range = task.range(), threads = task.threads()] { approachRow(points, centre, nearest, range, threads); };
  });
}

/** approachProduct(task): Promise<undefined>. */
Napi::Value approachProductLater(const Napi::CallbackInfo& info) {
  return work(info, [](const Task& task) -> Work {
    return [left = task.rows("left"), right = task.rows("right"), lengths = task.array<double>("lengths"),
            centre = task.number("centre"), nearest = task.array<double>("nearest"), range = task.range(),
            threads = task.threads()] { approachProduct(left, right, lengths, centre, nearest, range, threads); };
  });
}

/** findNearest(task): Promise<undefined>. */
Napi::Value findNearestLater(const Napi::CallbackInfo& info) {
  return work(info, [](const Task& task) -> Work {
    return [points = task.rows("points"), centres = task.rows("centres"), nearest = task.array<uint32_t>("nearest"),
            distances = task.array<double>("distances"), range = task.range(),
            threads = task.threads()] { findNearest(points, centres, nearest, distances, range, threads); };
  });
}

/** addToClusters(task): Promise<undefined>. */
Napi::Value addToClustersLater(const Napi::CallbackInfo& info) {
  return work(info, [](const Task& task) -> Work {
    return [points = task.rows("points"), clusterOf = task.array<uint32_t>("clusterOf"), sums = task.array<double>("sums"),
            range = task.range(), threads = task.threads()] { addToClusters(points, clusterOf, sums, range, threads); };
  });
}

}  // namespace

void addChoosingFunctions(Napi::Env env, Napi::Object exports) {
  exports.Set("farthestFirst", Napi::Function::New(env, farthestFirst));
  exports.Set("approachRow", Napi::Function::New(env, approachRowLater));
  exports.Set("approachProduct", Napi::Function::New(env, approachProductLater));
  exports.Set("findNearest", Napi::Function::New(env, findNearestLater));
  exports.Set("addToClusters", Napi::Function::New(env, addToClustersLater));
}

}  // namespace foreloss
