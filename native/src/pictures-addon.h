// What JavaScript sees of `pictures.h`.
#pragma once
#include <napi.h>

namespace foreloss {

void addPictureFunctions(Napi::Env env, Napi::Object exports);

}  // namespace foreloss
