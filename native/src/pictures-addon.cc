// Files are read by threads that wait for disks, ahead of their turn; decoding is arithmetic and takes its place among the other.
#include "pictures-addon.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>

#include "executor.h"
#include "later.h"
#include "pictures.h"
#include "threads.h"

namespace foreloss {
namespace {

/** Files up to this size are read ahead; a batch of larger ones would take too much memory. */
constexpr size_t aheadBytes = 1 << 20;
/** A larger one is not plain. */
constexpr size_t mostBytes = 1 << 28;

std::vector<std::string> textsOf(const Napi::Value& value) {
  const auto list = value.As<Napi::Array>();
  std::vector<std::string> texts;
  for (uint32_t i = 0; i < list.Length(); i++) texts.push_back(list.Get(i).As<Napi::String>().Utf8Value());
  return texts;
}

/** lookAtPictures(paths): Promise<Float64Array>, for each file its size and time of change, or NaN twice. */
Napi::Value lookAtPictures(const Napi::CallbackInfo& info) {
  return guarded(info, [&](Napi::Env env) {
    auto files = std::make_shared<std::vector<std::string>>(textsOf(info[0]));
    auto found = std::make_shared<std::vector<double>>();
    return later(
        env, [](Work work) { Executor::readers().submit(std::move(work)); },
        [files, found] {
          for (const std::string& file : *files) {
            const FileFacts facts = lookAt(file).value_or(FileFacts{NAN, NAN});
            found->insert(found->end(), {facts.bytes, facts.modifiedMs});
          }
        },
        [found](Napi::Env env) -> Napi::Value {
          auto values = Napi::Float64Array::New(env, found->size());
          std::copy(found->begin(), found->end(), values.Data());
          return values;
        });
  });
}

/** A batch of files on its way to pixels. */
struct Batch {
  std::vector<std::string> files;
  SquareSize size;
  /** Files that are not read yet. */
  std::atomic<size_t> unread;
  std::vector<std::vector<uint8_t>> contents;
  std::vector<uint8_t> pixels;
  /** 1 for each file that was decoded. */
  std::vector<uint8_t> done;

  Batch(std::vector<std::string> files, SquareSize size)
      : files(std::move(files)), size(size), unread(this->files.size()), contents(this->files.size()),
        pixels(this->files.size() * pictureBytes()), done(this->files.size()) {}

  size_t pictureBytes() const { return 3 * static_cast<size_t>(size.sidePx) * size.sidePx; }

  void decode(int64_t i) {
    if (contents[i].empty()) contents[i] = readFile(files[i], mostBytes);
    done[i] = readSquare(contents[i], size, pixels.data() + i * pictureBytes());
    contents[i] = {};
  }
};

/** Whoever reads the last file submits what is to follow. */
void readAhead(const std::shared_ptr<Batch>& batch, Executor& lane, const Work& work) {
  for (size_t i = 0; i < batch->files.size(); i++) {
    Executor::readers().submit([batch, &lane, work, i] {
      batch->contents[i] = readFile(batch->files[i], aheadBytes);
      if (--batch->unread == 0) lane.submit(work);
    });
  }
}

Napi::Value arrayOf(Napi::Env env, const std::vector<uint8_t>& bytes) {
  auto values = Napi::Uint8Array::New(env, bytes.size());
  std::copy(bytes.begin(), bytes.end(), values.Data());
  return values;
}

/** readPictures(paths, side in pixels, whether to fill): Promise<[pixels, done]>, Uint8Arrays [files, 3, side, side] and [files]. */
Napi::Value readPictures(const Napi::CallbackInfo& info) {
  return guarded(info, [&](Napi::Env env) {
    const SquareSize size{info[1].As<Napi::Number>().Int32Value(), info[2].As<Napi::Boolean>().Value()};
    const auto batch = std::make_shared<Batch>(textsOf(info[0]), size);
    const auto submit = [batch, &lane = laneOf(env)](const Work& work) {
      if (batch->files.empty()) lane.submit(work);
      readAhead(batch, lane, work);
    };
    return later(
        env, submit, [batch] { inTurns(static_cast<int64_t>(batch->files.size()), [&](int64_t i) { batch->decode(i); }); },
        [batch](Napi::Env env) -> Napi::Value {
          auto list = Napi::Array::New(env, 2);
          list.Set(0u, arrayOf(env, batch->pixels));
          list.Set(1u, arrayOf(env, batch->done));
          return list;
        });
  });
}

}  // namespace

void addPictureFunctions(Napi::Env env, Napi::Object exports) {
  exports.Set("lookAtPictures", Napi::Function::New(env, lookAtPictures));
  exports.Set("readPictures", Napi::Function::New(env, readPictures));
}

}  // namespace foreloss
