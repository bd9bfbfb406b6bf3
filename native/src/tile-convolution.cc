// The places of the result are walked over in blocks: a band of rows of a group of pictures. In a block the pixels of the group
// lie side by side, so that 16 places in a row are a tile also where pictures are narrow. Blocks stay in the second cache.
#include "tile-convolution.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "division.h"
#include "onednn.h"
#include "patches.h"
#include "threads.h"
#include "tiles.h"

namespace foreloss {
namespace {

/** bfloat16 numbers of pixels in a block, about: 1 MB. */
constexpr int64_t blockNumbers = 1 << 19;
/** Kernels of more numbers do not stay in the second cache beside a block. */
constexpr int64_t smallKernel = 1 << 18;

/** Pictures of a group, and rows of a band. */
struct Block {
  int64_t pictures, rows;
};

/** A tap of the kernel: its number there, which copy of the pixels it looks at, and how far from the place it is at. */
struct Tap {
  int64_t number, copy, row, column;
};

/** Rows and columns of something. */
using Two = std::array<int64_t, 2>;

/**
 * What is computed for places one apart: for a convolution all of the result; for an input gradient every so many pixels, as
 * many as the stride says, which the same taps reach.
 */
struct Shifted {
  Shifted(const Convolution& c, int threads);
  /** The gradient for the pixels stride * place + `first`. */
  Shifted(const Convolution& c, Two first, int threads);

  Dense from, to, weights;
  /** Place p is written at stride * p + first. */
  Two toStride, toFirst;
  /** Place p looks at the pixels stride * (p + shift of the tap) + offset of the copy. */
  Two fromStride;
  std::vector<Two> copies;
  std::vector<Tap> taps;
  int64_t batch, in, out, height, width, outTiles, depthTiles;
  /** Shift of the tap that looks furthest up and left, and how many rows and columns more there are down and right. */
  int64_t top, left, extraRows = 0, extraColumns = 0;
  Block block;
  int parts;
  std::vector<uint16_t> zeros;

  int64_t depth() const { return static_cast<int64_t>(taps.size()) * depthTiles; }
  int64_t kernelBytes() const { return outTiles * depth() * tileNumbers * 2; }
  int64_t pitch(int64_t pictures) const { return (width + extraColumns) * pictures; }
  /** From 32 channels of a pixel to its next 32, with the pixels beyond the last row that a tile may reach. */
  int64_t plane(int64_t pictures, int64_t rows) const {
    return ((rows + extraRows) * pitch(pictures) + tileSide) * tileDepth;
  }
  int64_t planes() const { return static_cast<int64_t>(copies.size()) * depthTiles; }
  int64_t blockBytes() const { return planes() * plane(block.pictures, block.rows) * 2; }

 private:
  void finish(int threads);
  void findMargins();
  void findBlock();
};

Shifted::Shifted(const Convolution& c, int threads)
    : from(c.source), to(c.result), weights(c.weights), toStride{1, 1}, toFirst{0, 0},
      fromStride{c.window.stride[0], c.window.stride[1]} {
  const Window& w = c.window;
  for (int64_t number = 0; number < weights.shape[2] * weights.shape[3]; number++) {
    const int64_t y = number / weights.shape[3] * w.dilation[0] - w.padding[0];
    const int64_t x = number % weights.shape[3] * w.dilation[1] - w.padding[1];
    const int64_t row = floorDivide(y, fromStride[0]), column = floorDivide(x, fromStride[1]);
    const Two offset = {y - row * fromStride[0], x - column * fromStride[1]};
    const auto known = std::find(copies.begin(), copies.end(), offset);
    taps.push_back({number, known - copies.begin(), row, column});
    if (known == copies.end()) copies.push_back(offset);
  }
  finish(threads);
}

Shifted::Shifted(const Convolution& c, Two first, int threads)
    : from(c.result), to(c.source), weights(c.weights), toStride{c.window.stride[0], c.window.stride[1]},
      toFirst(first), fromStride{1, 1}, copies{{0, 0}} {
  const Window& w = c.window;
  for (int64_t number = 0; number < weights.shape[2] * weights.shape[3]; number++) {
    const int64_t y = first[0] + w.padding[0] - number / weights.shape[3] * w.dilation[0];
    const int64_t x = first[1] + w.padding[1] - number % weights.shape[3] * w.dilation[1];
    const int64_t row = floorDivide(y, toStride[0]), column = floorDivide(x, toStride[1]);
    if (y == row * toStride[0] && x == column * toStride[1]) taps.push_back({number, 0, row, column});
  }
  finish(threads);
}

void Shifted::finish(int threads) {
  batch = to.shape[0], out = to.shape[1], in = from.shape[1];
  height = ceilDivide(to.shape[2] - toFirst[0], toStride[0]), width = ceilDivide(to.shape[3] - toFirst[1], toStride[1]);
  outTiles = ceilDivide(out, tileSide), depthTiles = ceilDivide(in, tileDepth);
  zeros.assign(out + tileDepth, 0);
  parts = static_cast<int>(std::min<int64_t>(threads, batch));
  if (taps.empty()) return;
  findMargins();
  findBlock();
}

void Shifted::findMargins() {
  top = taps[0].row, left = taps[0].column;
  for (const Tap& tap : taps) top = std::min(top, tap.row), left = std::min(left, tap.column);
  for (Tap& tap : taps) {
    tap.row -= top, tap.column -= left;
    extraRows = std::max(extraRows, tap.row), extraColumns = std::max(extraColumns, tap.column);
  }
}

/** The block that wastes least: on places beyond the row, on its margin, on fetching the kernel. */
void Shifted::findBlock() {
  const double fetching = depth() * tileDepth * out > smallKernel ? 250 : 20;
  const int64_t most = ceilDivide(batch, parts);
  double least = 0;
  for (int64_t pictures = 1; pictures <= most; pictures++) {
    const int64_t wanted = blockNumbers / (pitch(pictures) * planes() * tileDepth) - extraRows;
    if (wanted < 1 && pictures > 1) break;
    const int64_t bands = ceilDivide(height, std::clamp<int64_t>(wanted, 1, height)), rows = ceilDivide(height, bands);
    const double places = rows * width * pictures;
    const double padding = ceilDivide(width * pictures, tileSide) * tileSide / static_cast<double>(width * pictures);
    const double margin = (rows + extraRows) * pitch(pictures) / places;
    const double cost = padding * (1 + 0.1 * margin) * (1 + fetching / places);
    if (pictures == 1 || cost < least) block = {pictures, rows}, least = cost;
  }
}

/** One thread's part of the work. */
class Part {
 public:
  Part(const Shifted& s, int index, const char* kernel, char* memory)
      : s_(s), kernel_(reinterpret_cast<const uint16_t*>(kernel)), pixels_(reinterpret_cast<uint16_t*>(memory)) {
    firstPicture_ = startOfPart(s.batch, index, s.parts), lastPicture_ = startOfPart(s.batch, index + 1, s.parts);
  }

  void run() {
    for (int64_t n = firstPicture_; n < lastPicture_; n += s_.block.pictures) {
      for (int64_t y = 0; y < s_.height; y += s_.block.rows) {
        picture_ = n, row_ = y;
        pictures_ = std::min(s_.block.pictures, lastPicture_ - n), rows_ = std::min(s_.block.rows, s_.height - y);
        layOut();
        findPlaces();
        for (int64_t tile = 0; tile < s_.outTiles; tile += 2) multiply(tile);
      }
    }
  }

 private:
  /** Copies the pixels of the block, zeros around the picture; 32 channels of all pixels first, then the next 32. */
  void layOut() {
    for (size_t copy = 0; copy < s_.copies.size(); copy++) {
      uint16_t* to = pixels_ + copy * s_.depthTiles * plane();
      for (int64_t row = 0; row < rows_ + s_.extraRows; row++)
        for (int64_t n = 0; n < pictures_; n++)
          layRow(to + (row * s_.pitch(pictures_) + n) * tileDepth, s_.copies[copy], picture_ + n, row_ + row + s_.top);
    }
  }

  void layRow(uint16_t* to, const Two& offset, int64_t picture, int64_t row) {
    const int64_t height = s_.from.shape[2], width = s_.from.shape[3], columns = s_.width + s_.extraColumns;
    const int64_t y = row * s_.fromStride[0] + offset[0], stride = s_.fromStride[1], step = pictures_ * tileDepth;
    // Columns inside the picture: [left, right).
    const int64_t left = std::clamp<int64_t>(ceilDivide(-offset[1], stride) - s_.left, 0, columns);
    const int64_t right = std::clamp<int64_t>(ceilDivide(width - offset[1], stride) - s_.left, left, columns);
    const int64_t start = ((picture * height + y) * width + s_.left * stride + offset[1]) * s_.in;
    const auto* line = reinterpret_cast<const uint16_t*>(s_.from.data) + start;
    const auto copy = [&](int64_t first, int64_t last, int64_t channels) {
      const Pixels pixels{line + first * stride * s_.in, last - first, stride * s_.in, channels};
      tileKernels()->spread(to + first * step, plane(), step, pixels, s_.depthTiles);
    };
    copy(0, left, 0);
    copy(left, right, y >= 0 && y < height ? s_.in : 0);
    copy(right, columns, 0);
  }

  int64_t plane() const { return s_.plane(pictures_, rows_); }

  /** Where each tile of the block reads its first tap, and where each of its rows is written, or nowhere. */
  void findPlaces() {
    reads_.clear(), writes_.clear(), offsets_.clear();
    const int64_t inRow = s_.width * pictures_;
    // One below the other: their taps read the same pixels.
    for (int64_t at = 0; at < inRow; at += tileSide) {
      for (int64_t y = 0; y < rows_; y++) {
        reads_.push_back(pixels_ + (y * s_.pitch(pictures_) + at) * tileDepth);
        for (int64_t place = at; place < at + tileSide; place++)
          writes_.push_back(place < inRow ? written(picture_ + place % pictures_, row_ + y, place / pictures_) : nullptr);
      }
    }
    for (int64_t k = 0; k < s_.depthTiles; k++)
      for (const Tap& tap : s_.taps)
        offsets_.push_back((tap.copy * s_.depthTiles + k) * plane() +
                           (tap.row * s_.pitch(pictures_) + tap.column * pictures_) * tileDepth);
  }

  uint16_t* written(int64_t picture, int64_t row, int64_t column) const {
    const int64_t y = row * s_.toStride[0] + s_.toFirst[0], x = column * s_.toStride[1] + s_.toFirst[1];
    return reinterpret_cast<uint16_t*>(s_.to.data) + ((picture * s_.to.shape[2] + y) * s_.to.shape[3] + x) * s_.out;
  }

  /** All places of the block for the channels of two tiles. */
  void multiply(int64_t tile) {
    const int64_t tiles = reads_.size(), first = tile * tileSide, depth = s_.depth();
    const bool two = tile + 1 < s_.outTiles;
    const int64_t channels = std::min(2 * tileSide, s_.out - first);
    for (int64_t at = 0; at < tiles; at += mostColumns) {
      const int64_t count = std::min(mostColumns, tiles - at);
      for (int64_t half = 0; half < (two ? 2 : 1); half++) {
        tileKernels()->multiplyRows(sums_[half], reads_.data() + at, offsets_.data(),
                                    kernel_ + (tile + half) * depth * tileNumbers, count, depth);
      }
      tileKernels()->narrow(writes_.data() + at * tileSide, first, sums_[0], two ? sums_[1] : nullptr, count * tileSide,
                            channels);
    }
  }

  const Shifted& s_;
  const uint16_t* kernel_;
  uint16_t* pixels_;
  alignas(cacheLine) float sums_[2][mostColumns * tileSums];
  int64_t firstPicture_, lastPicture_;
  int64_t picture_ = 0, row_ = 0, pictures_ = 0, rows_ = 0;
  std::vector<const uint16_t*> reads_;
  std::vector<uint16_t*> writes_;
  std::vector<int64_t> offsets_;
};

/** Interleaves a part of the kernel, which lies taps by channels read by channels written, into tiles. */
void pairKernel(const Shifted& s, const char* from, char* to, int part, int parts) {
  const int64_t distance = s.depth() * tileNumbers, taps = s.taps.size();
  for (int64_t step = startOfPart(s.depth(), part, parts); step < startOfPart(s.depth(), part + 1, parts); step++) {
    const int64_t tap = s.taps[step % taps].number, first = step / taps * tileDepth;
    const auto* start = reinterpret_cast<const uint16_t*>(from) + (tap * s.in + first) * s.out;
    const uint16_t* rows[tileDepth];
    for (int64_t i = 0; i < tileDepth; i++) rows[i] = first + i < s.in ? start + i * s.out : s.zeros.data();
    tileKernels()->pair(reinterpret_cast<uint16_t*>(to) + step * tileNumbers, distance, rows, tileSide, s.out);
  }
}

/** Carries out what is shifted by the same kernel, one after the other; `read` and `written` are channels of the kernel. */
Step tileShifted(const Convolution& c, bool inputsAreRead, std::vector<Shifted> list, StepContext& context) {
  int64_t kernelBytes = 0, partBytes = 0;
  bool complete = true;
  for (const Shifted& s : list) {
    kernelBytes += s.kernelBytes();
    if (s.taps.empty()) complete = false;
    else partBytes = std::max<int64_t>(partBytes, padded(s.blockBytes()));
  }
  const Memory from = wrap(c.weights);
  Memory ordered(tapsFirst(c.weights, inputsAreRead, DType::bfloat16), processor(), nullptr);
  const int64_t orderedBytes = padded(ordered.get_desc().get_size());
  const auto ordering = dnnl::reorder::primitive_desc(from, ordered, scratchAttributes());
  const Step order = executing(dnnl::reorder(ordering), ordering.scratchpad_desc(),
                               {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, ordered}}, context, orderedBytes);
  context.scratch.want(orderedBytes + kernelBytes + list[0].parts * partBytes);
  const auto shared = std::make_shared<const std::vector<Shifted>>(std::move(list));
  return [=, threads = context.threads, &scratch = context.scratch]() mutable {
    ordered.set_data_handle(scratch.data());
    order();
    char* kernels = scratch.data() + orderedBytes;
    inParallel(threads, [&](int part) {
      char* kernel = kernels;
      for (const Shifted& s : *shared) {
        pairKernel(s, scratch.data(), kernel, part, threads);
        kernel += s.kernelBytes();
      }
    });
    const Dense& to = shared->front().to;
    if (!complete) std::memset(to.data, 0, to.shape[0] * to.shape[1] * to.shape[2] * to.shape[3] * sizeOf(to.dtype));
    inParallel(shared->front().parts, [&](int index) {
      tileKernels()->configure();
      const char* kernel = kernels;
      for (const Shifted& s : *shared) {
        if (!s.taps.empty()) Part(s, index, kernel, kernels + kernelBytes + index * partBytes).run();
        kernel += s.kernelBytes();
      }
      tileKernels()->release();
    });
  };
}

/** Whether it can be computed on tiles at all. */
bool isSuited(const Convolution& c) {
  return tileKernels() != nullptr && c.source.dtype == DType::bfloat16 && c.result.dtype == DType::bfloat16;
}

bool isStrided(const Convolution& c) { return c.window.stride[0] > 1 || c.window.stride[1] > 1; }

int64_t areaOf(const Dense& tensor) { return tensor.shape[2] * tensor.shape[3]; }

}  // namespace

// Measured against the library's own and against patches (docs/performance.md): the library is slow on small pictures with many
// channels and where a stride leaves gaps, and as fast or faster elsewhere.
bool forwardByTiles(const Convolution& c) {
  const bool alone = !c.constantWeights && !c.bias && !c.residual && !c.relu;
  const bool deep = c.source.shape[1] * areaOf(c.weights) >= 1024;
  return isSuited(c) && alone && deep && (isStrided(c) || areaOf(c.result) <= 16);
}

bool inputGradientByTiles(const Convolution& c) {
  const int64_t computed = c.source.shape[1], given = c.result.shape[1];
  if (!isSuited(c)) return false;
  if (isStrided(c)) return computed >= 64 && given >= 64;
  return given * areaOf(c.weights) >= 512 && computed >= (areaOf(c.source) <= 64 ? 128 : 256);
}

Step tileForward(const Convolution& c, StepContext& context) {
  return tileShifted(c, true, {Shifted(c, context.threads)}, context);
}

Step tileInputGradient(const Convolution& c, StepContext& context) {
  std::vector<Shifted> list;
  for (int64_t y = 0; y < std::min(c.window.stride[0], c.source.shape[2]); y++)
    for (int64_t x = 0; x < std::min(c.window.stride[1], c.source.shape[3]); x++)
      list.emplace_back(c, Two{y, x}, context.threads);
  return tileShifted(c, false, std::move(list), context);
}

}  // namespace foreloss
