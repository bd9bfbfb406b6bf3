// Every instruction is read into what its step needs; the step itself is made later, on the thread that will run it.
#include "read-plan.h"

#include <cstring>
#include <unordered_map>

#include "convolution.h"
#include "fused.h"
#include "moves.h"
#include "products.h"

namespace foreloss {
namespace {

std::vector<int64_t> integers(const Napi::Value& value) {
  const auto list = value.As<Napi::Array>();
  std::vector<int64_t> result(list.Length());
  for (uint32_t i = 0; i < list.Length(); i++) result[i] = list.Get(i).As<Napi::Number>().Int64Value();
  return result;
}

/** Reads the parts of instructions; knows where the plan's memory lies. */
class Reader {
 public:
  Reader(Plan& plan, Napi::Object source) : plan_(plan), source_(source) {}

  bool has(const char* name) const {
    const Napi::Value value = source_.Get(name);
    return !value.IsUndefined() && !value.IsNull();
  }
  Reader part(const char* name) const { return {plan_, source_.Get(name).As<Napi::Object>()}; }
  std::vector<Reader> parts(const char* name) const {
    const auto list = source_.Get(name).As<Napi::Array>();
    std::vector<Reader> result;
    for (uint32_t i = 0; i < list.Length(); i++) result.emplace_back(plan_, list.Get(i).As<Napi::Object>());
    return result;
  }
  std::vector<int64_t> list(const char* name) const { return integers(source_.Get(name)); }
  int64_t integer(const char* name) const { return source_.Get(name).As<Napi::Number>().Int64Value(); }
  bool flag(const char* name) const { return has(name) && source_.Get(name).ToBoolean().Value(); }
  std::string text(const char* name) const { return source_.Get(name).As<Napi::String>().Utf8Value(); }
  DType dtype() const { return dtypeNamed(text("dtype")); }

  /** `place` names a memory (0 arena, 1 constants, 2 and on state), `offset` bytes in it. */
  char* address() const {
    const int64_t place = integer("place");
    char* start = place == 0   ? plan_.arena.data()
                  : place == 1 ? plan_.constants.data()
                               : plan_.state->entries.at(place - 2).data();
    return start + integer("offset");
  }
  Dense dense(const char* name) const {
    const Reader tensor = part(name);
    return {tensor.address(), tensor.dtype(), tensor.list("shape"), tensor.flag("channelsLast")};
  }
  Window window() const { return {list("stride"), list("padding"), has("dilation") ? list("dilation") : std::vector<int64_t>{1, 1}}; }

 private:
  Plan& plan_;
  Napi::Object source_;
};

Convolution convolutionOf(const Reader& r) {
  Convolution c{r.dense("source"), r.dense("weights"), r.dense("result"), r.window(), r.flag("constantWeights"),
                std::nullopt, std::nullopt, r.flag("relu")};
  if (r.has("bias")) c.bias = r.dense("bias");
  if (r.has("residual")) c.residual = r.dense("residual");
  return c;
}

Pool poolOf(const Reader& r, Pooling kind) { return {kind, r.list("kernel"), r.window()}; }

Pooling meanKind(const Reader& r) {
  return r.flag("countPadding") ? Pooling::meanWithPadding : Pooling::meanWithoutPadding;
}

FusedStep fusedOf(const Reader& r) {
  FusedStep step;
  step.space = r.list("space");
  step.keptDimensions = static_cast<int32_t>(r.integer("keptDimensions"));
  step.registers = static_cast<int32_t>(r.integer("registers"));
  const auto access = [](const Reader& a) {
    return Access{a.address(), a.dtype(), a.list("strides"), static_cast<int32_t>(a.integer("register"))};
  };
  for (const Reader& a : r.parts("loads")) step.loads.push_back(access(a));
  for (const Reader& a : r.parts("stores")) step.stores.push_back(access(a));
  for (const Reader& s : r.parts("sums")) {
    const auto kind = s.flag("moments") ? RowSum::Kind::moments : RowSum::Kind::sum;
    step.sums.push_back({kind, static_cast<int32_t>(s.integer("register")), reinterpret_cast<float*>(s.address())});
  }
  const std::vector<int64_t> code = r.list("steps");
  for (size_t i = 0; i + 4 < code.size(); i += 5) {
    step.steps.push_back({static_cast<MicroOp>(code[i]), static_cast<int32_t>(code[i + 1]),
                          static_cast<int32_t>(code[i + 2]), static_cast<int32_t>(code[i + 3]),
                          static_cast<int32_t>(code[i + 4])});
  }
  return step;
}

using InstructionReader = StepMaker (*)(const Reader&);

StepMaker readMove(const Reader& r) {
  const Walk from{r.part("from").address(), r.part("from").list("strides")};
  const Walk to{r.part("to").address(), r.part("to").list("strides")};
  return [from, to, space = r.list("space"), dtype = r.dtype()](StepContext&, std::string&) {
    return moveNumbers(from, to, space, dtype);
  };
}

StepMaker readReduction(const Reader& r) {
  const Reader source = r.part("source");
  const Reduction reduction{r.flag("maximum"),      source.address(),  source.dtype(),
                            r.list("kept"),         r.list("keptStrides"), r.list("reduced"),
                            r.list("reducedStrides"), reinterpret_cast<float*>(r.part("result").address())};
  return [reduction](StepContext& context, std::string&) { return reduce(reduction, context); };
}

StepMaker readFill(const Reader& r) {
  char* start = r.part("to").address();
  return [start, bytes = static_cast<size_t>(r.integer("bytes"))](StepContext&, std::string&) -> Step {
    return [start, bytes] { std::memset(start, 0, bytes); };
  };
}

const std::unordered_map<std::string, InstructionReader>& readers() {
  static const std::unordered_map<std::string, InstructionReader> known = {
      {"fused",
       [](const Reader& r) -> StepMaker {
         return [step = fusedOf(r)](StepContext& context, std::string&) -> Step {
           return [step, threads = context.threads] { runFused(step, threads); };
         };
       }},
      {"conv2d",
       [](const Reader& r) -> StepMaker {
         return [c = convolutionOf(r)](StepContext& context, std::string& by) {
           return convolutionForward(c, context, by);
         };
       }},
      {"conv2dInputGradient",
       [](const Reader& r) -> StepMaker {
         return [c = convolutionOf(r)](StepContext& context, std::string& by) {
           return convolutionInputGradient(c, context, by);
         };
       }},
      {"conv2dWeightGradient",
       [](const Reader& r) -> StepMaker {
         return [c = convolutionOf(r)](StepContext& context, std::string& by) {
           return convolutionWeightGradient(c, context, by);
         };
       }},
      {"matmul",
       [](const Reader& r) -> StepMaker {
         return [a = r.dense("a"), b = r.dense("b"), to = r.dense("result"), ta = r.flag("transposeA"),
                 tb = r.flag("transposeB")](StepContext& context, std::string&) {
           return matrixProduct(a, b, to, ta, tb, context);
         };
       }},
      {"maxPool",
       [](const Reader& r) -> StepMaker {
         return [pool = poolOf(r, Pooling::maximum), from = r.dense("source"), to = r.dense("result")](
                    StepContext& context, std::string&) { return poolForward(pool, from, to, context); };
       }},
      {"maxPoolGradient",
       [](const Reader& r) -> StepMaker {
         return [pool = poolOf(r, Pooling::maximum), x = r.dense("source"), dy = r.dense("given"),
                 to = r.dense("result")](StepContext& context, std::string&) {
           return maxPoolGradient(pool, x, dy, to, context);
         };
       }},
      {"averagePool",
       [](const Reader& r) -> StepMaker {
         return [pool = poolOf(r, meanKind(r)), from = r.dense("source"), to = r.dense("result")](
                    StepContext& context, std::string&) { return poolForward(pool, from, to, context); };
       }},
      {"averagePoolGradient",
       [](const Reader& r) -> StepMaker {
         return [pool = poolOf(r, meanKind(r)), dy = r.dense("given"), to = r.dense("result")](
                    StepContext& context, std::string&) { return meanPoolGradient(pool, dy, to, context); };
       }},
      {"upsampleNearest",
       [](const Reader& r) -> StepMaker {
         return [from = r.dense("source"), to = r.dense("result")](StepContext& context, std::string&) {
           return upsampleNearest(from, to, context);
         };
       }},
      {"rank",
       [](const Reader& r) -> StepMaker {
         return [from = r.dense("source"), to = r.dense("result")](StepContext& context, std::string&) {
           return rankRows(from, to, context);
         };
       }},
      {"logSoftmax",
       [](const Reader& r) -> StepMaker {
         return [from = r.dense("source"), to = r.dense("result")](StepContext& context, std::string&) {
           return logSoftmax(from, to, context);
         };
       }},
      {"gather",
       [](const Reader& r) -> StepMaker {
         return [from = r.dense("source"), at = r.dense("indices"), to = r.dense("result"), axis = r.integer("axis")](
                    StepContext& context, std::string&) { return gatherEntries(from, at, to, axis, context); };
       }},
      {"scatterAdd",
       [](const Reader& r) -> StepMaker {
         return [from = r.dense("source"), at = r.dense("indices"), to = r.dense("result"), axis = r.integer("axis")](
                    StepContext& context, std::string&) { return scatterAdd(from, at, to, axis, context); };
       }},
      {"oneHot",
       [](const Reader& r) -> StepMaker {
         return [at = r.dense("indices"), to = r.dense("result")](StepContext&, std::string&) { return oneHot(at, to); };
       }},
      {"equalIntegers",
       [](const Reader& r) -> StepMaker {
         return [a = r.dense("a"), b = r.dense("b"), to = r.dense("result")](StepContext&, std::string&) {
           return equalIntegers(a, b, to);
         };
       }},
      {"move", readMove},
      {"reduce", readReduction},
      {"fill", readFill},
  };
  return known;
}

std::vector<Span> spans(const Reader& plan, const char* name) {
  std::vector<Span> result;
  for (const Reader& span : plan.parts(name))
    result.push_back({span.address(), static_cast<size_t>(span.integer("bytes"))});
  return result;
}

}  // namespace

std::shared_ptr<Plan> readPlan(const Napi::Object& source, std::shared_ptr<State> state) {
  auto plan = std::make_shared<Plan>();
  const Reader reader(*plan, source);
  plan->state = std::move(state);
  plan->threads = static_cast<int>(reader.integer("threads"));
  plan->arena = AlignedMemory(static_cast<size_t>(reader.integer("arenaBytes")));
  const auto constants = source.Get("constants").As<Napi::Uint8Array>();
  plan->constants = AlignedMemory(constants.ByteLength());
  std::memcpy(plan->constants.data(), constants.Data(), constants.ByteLength());
  plan->inputs = spans(reader, "inputs");
  plan->outputs = spans(reader, "outputs");
  for (const Reader& instruction : reader.parts("instructions")) {
    const std::string op = instruction.text("op");
    const auto found = readers().find(op);
    if (found == readers().end()) throw std::invalid_argument("unknown instruction " + op);
    plan->makers.push_back(found->second(instruction));
    plan->labels.push_back(instruction.text("label"));
  }
  return plan;
}

}  // namespace foreloss
