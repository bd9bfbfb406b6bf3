// What JavaScript sees of `choosing.h`.
#pragma once
#include <napi.h>

namespace foreloss {

void addChoosingFunctions(Napi::Env env, Napi::Object exports);

}  // namespace foreloss
