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

/** A convolution of stride 1: what it reads, what it writes, and where each tap looks. */
struct Shifted {
  Shifted(const Convolution& c, bool gradient, int threads);

  Dense from, to, weights;
  bool gradient;
  int64_t batch, in, out, height, width;
  int64_t taps, outTiles, depthTiles;
  /** Rows and columns of the tap that looks furthest up and left, and how many more there are down and right. */
  int64_t top, left, extraRows, extraColumns;
  /** Row and column of each tap from there. */
  std::vector<std::array<int64_t, 2>> shifts;
  Block block;
  int parts;
  std::vector<uint16_t> zeros;

  int64_t pixelNumbers() const { return depthTiles * tileDepth; }
  int64_t depth() const { return taps * depthTiles; }
  int64_t pitch(int64_t pictures) const { return (width + extraColumns) * pictures; }
  /** With the pixels beyond the last row that a tile may reach. */
  int64_t blockBytes() const {
    return ((block.rows + extraRows) * pitch(block.pictures) + tileSide) * pixelNumbers() * 2;
  }

 private:
  void findShifts(const Window& window);
  void findBlock();
};

Shifted::Shifted(const Convolution& c, bool isGradient, int threads)
    : from(isGradient ? c.result : c.source), to(isGradient ? c.source : c.result), weights(c.weights), gradient(isGradient) {
  batch = to.shape[0], out = to.shape[1], height = to.shape[2], width = to.shape[3], in = from.shape[1];
  taps = weights.shape[2] * weights.shape[3];
  outTiles = ceilDivide(out, tileSide), depthTiles = ceilDivide(in, tileDepth);
  zeros.assign(out + tileDepth, 0);
  parts = static_cast<int>(std::min<int64_t>(threads, batch));
  findShifts(c.window);
  findBlock();
}

void Shifted::findShifts(const Window& w) {
  for (int64_t ky = 0; ky < weights.shape[2]; ky++) {
    for (int64_t kx = 0; kx < weights.shape[3]; kx++) {
      const int64_t row = ky * w.dilation[0] - w.padding[0], column = kx * w.dilation[1] - w.padding[1];
      shifts.push_back(gradient ? std::array<int64_t, 2>{-row, -column} : std::array<int64_t, 2>{row, column});
    }
  }
  top = shifts[0][0], left = shifts[0][1];
  for (const auto& [row, column] : shifts) top = std::min(top, row), left = std::min(left, column);
  extraRows = extraColumns = 0;
  for (auto& [row, column] : shifts) {
    row -= top, column -= left;
    extraRows = std::max(extraRows, row), extraColumns = std::max(extraColumns, column);
  }
}

/** The block that wastes least: on places beyond the row, on its margin, on fetching the kernel. */
void Shifted::findBlock() {
  const double fetching = taps * in * out > smallKernel ? 250 : 20;
  const int64_t most = ceilDivide(batch, parts);
  double least = 0;
  for (int64_t pictures = 1; pictures <= most; pictures++) {
    const int64_t wanted = blockNumbers / (pitch(pictures) * pixelNumbers()) - extraRows;
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
    const int64_t height = s_.from.shape[2], width = s_.from.shape[3], columns = s_.width + s_.extraColumns;
    const auto* from = reinterpret_cast<const uint16_t*>(s_.from.data);
    // Columns inside the picture: [left, right).
    const int64_t left = std::clamp<int64_t>(-s_.left, 0, columns);
    const int64_t right = std::clamp<int64_t>(width - s_.left, left, columns), step = pictures_ * tileDepth;
    for (int64_t row = 0; row < rows_ + s_.extraRows; row++) {
      const int64_t y = row_ + row + s_.top;
      const bool inside = y >= 0 && y < height;
      for (int64_t n = 0; n < pictures_; n++) {
        uint16_t* to = pixels_ + (row * columns * pictures_ + n) * tileDepth;
        const uint16_t* line = from + (((picture_ + n) * height + y) * width + s_.left) * s_.in;
        const auto copy = [&](int64_t first, int64_t last, int64_t channels) {
          tileKernels()->spread(to + first * step, plane(), step, line + first * s_.in, last - first, s_.in, channels);
        };
        copy(0, left, 0);
        copy(left, right, inside ? s_.in : 0);
        copy(right, columns, 0);
      }
    }
  }

  /** From 32 channels of a pixel to its next 32. */
  int64_t plane() const { return ((rows_ + s_.extraRows) * s_.pitch(pictures_) + tileSide) * tileDepth; }

  /** Where each tile of the block reads its first tap, and where each of its rows is written, or nowhere. */
  void findPlaces() {
    reads_.clear(), writes_.clear();
    auto* to = reinterpret_cast<uint16_t*>(s_.to.data);
    const int64_t inRow = s_.width * pictures_;
    // One below the other: their taps read the same pixels.
    for (int64_t at = 0; at < inRow; at += tileSide) {
      for (int64_t y = 0; y < rows_; y++) {
        reads_.push_back(pixels_ + (y * s_.pitch(pictures_) + at) * tileDepth);
        for (int64_t place = at; place < at + tileSide; place++) {
          const int64_t n = picture_ + place % pictures_, x = place / pictures_;
          uint16_t* pixel = to + ((n * s_.height + row_ + y) * s_.width + x) * s_.out;
          writes_.push_back(place < inRow ? pixel : nullptr);
        }
      }
    }
    offsets_.clear();
    for (int64_t k = 0; k < s_.depthTiles; k++)
      for (const auto& [row, column] : s_.shifts)
        offsets_.push_back(k * plane() + (row * s_.pitch(pictures_) + column * pictures_) * tileDepth);
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
  const int64_t distance = s.depth() * tileNumbers;
  for (int64_t step = startOfPart(s.depth(), part, parts); step < startOfPart(s.depth(), part + 1, parts); step++) {
    const int64_t tap = step % s.taps, first = step / s.taps * tileDepth;
    const auto* start = reinterpret_cast<const uint16_t*>(from) + (tap * s.in + first) * s.out;
    const uint16_t* rows[tileDepth];
    for (int64_t i = 0; i < tileDepth; i++) rows[i] = first + i < s.in ? start + i * s.out : s.zeros.data();
    tileKernels()->pair(reinterpret_cast<uint16_t*>(to) + step * tileNumbers, distance, rows, tileSide, s.out);
  }
}

/** Whether it can be computed on tiles at all. */
bool isSuited(const Convolution& c) {
  const bool reduced = c.source.dtype == DType::bfloat16 && c.result.dtype == DType::bfloat16;
  return tileKernels() != nullptr && reduced && c.window.stride[0] == 1 && c.window.stride[1] == 1;
}

Step tileShifted(const Convolution& c, bool gradient, StepContext& context) {
  const auto s = std::make_shared<const Shifted>(c, gradient, context.threads);
  const int64_t orderedBytes = padded(s->taps * s->in * s->out * 2);
  const int64_t kernelBytes = s->outTiles * s->depth() * tileNumbers * 2;
  const int64_t partBytes = padded(s->blockBytes());
  const Memory from = wrap(c.weights);
  Memory ordered(tapsFirst(c.weights, !gradient, DType::bfloat16), processor(), nullptr);
  const auto ordering = dnnl::reorder::primitive_desc(from, ordered, scratchAttributes());
  const Step order = executing(dnnl::reorder(ordering), ordering.scratchpad_desc(),
                               {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, ordered}}, context, orderedBytes);
  context.scratch.want(orderedBytes + kernelBytes + s->parts * partBytes);
  return [=, threads = context.threads, &scratch = context.scratch]() mutable {
    ordered.set_data_handle(scratch.data());
    order();
    char* kernel = scratch.data() + orderedBytes;
    inParallel(threads, [&](int part) { pairKernel(*s, scratch.data(), kernel, part, threads); });
    inParallel(s->parts, [&](int index) {
      tileKernels()->configure();
      Part(*s, index, kernel, kernel + kernelBytes + index * partBytes).run();
      tileKernels()->release();
    });
  };
}

}  // namespace

// Measured against the library's own and against patches (docs/performance.md).
bool forwardByTiles(const Convolution& c) {
  const bool alone = !c.constantWeights && !c.bias && !c.residual && !c.relu;
  return isSuited(c) && alone && forwardByPatches(c);
}

bool inputGradientByTiles(const Convolution& c) {
  const int64_t channels = c.source.shape[1], pixels = c.source.shape[2] * c.source.shape[3];
  const int64_t depth = c.result.shape[1] * c.weights.shape[2] * c.weights.shape[3];
  return isSuited(c) && depth >= 512 && channels >= (pixels <= 64 ? 128 : 256);
}

Step tileForward(const Convolution& c, StepContext& context) { return tileShifted(c, false, context); }

Step tileInputGradient(const Convolution& c, StepContext& context) { return tileShifted(c, true, context); }

}  // namespace foreloss
