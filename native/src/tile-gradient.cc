// The places of the result are walked over in segments: a band of rows of a group of pictures. In a segment places follow each
// other row by row, a row being that of all pictures of the group, padded with zeros to whole tiles. A segment of both factors
// stays in the second cache while all tiles of the kernel are multiplied.
#include "tile-gradient.h"

#include <algorithm>
#include <memory>

#include "division.h"
#include "onednn.h"
#include "threads.h"
#include "tiles.h"

namespace foreloss {
namespace {

/** How a tap of the kernel sees the source: which of its interleaved copies, shifted by how many rows of the result. */
struct Tap {
  int64_t copy, rows;
};

/** A copy of the source has the pixels stride * place + offset. */
struct Copy {
  int64_t rowOffset, columnOffset;
};

/** What is walked over at a time: pictures of a group, rows of a band, and numbers of places in a padded row. */
struct Segment {
  int64_t pictures, rows, pitch;
};

/** Numbers of interleaved source in a segment, about: 3/4 MB. */
constexpr int64_t segmentNumbers = 3 << 17;
/** Tiles of the source's channels that are worked on at a time; even. */
constexpr int64_t mostChannelTiles = 4;
/** A thread's own sums are larger only where there are no more pictures to share out. */
constexpr int64_t mostSums = 3 << 17;

/** Everything about one gradient that does not change from step to step. */
struct Gradient {
  Gradient(const Convolution& c, int threads);

  Convolution c;
  int64_t batch, in, out, height, width;
  int64_t outTiles, inTiles;
  std::vector<Tap> taps;
  std::vector<Copy> copies;
  /** Rows that a copy has beyond those of its segment. */
  int64_t extraRows = 0;
  Segment segment;
  /** Threads share the pictures, and where the kernel is large the channels of the source. */
  int pictureParts, channelParts;
  /** Bytes of each part's memory. */
  int64_t turnedBytes, pairedBytes, sumBytes;
  std::vector<uint16_t> zeros;
  /** For every number of the kernel of one channel of the result, where it lies in the sums. */
  std::vector<int32_t> places;

  int parts() const { return pictureParts * channelParts; }
  /** First tile of the source's channels that a part works on: an even one, since tiles are interleaved two at a time. */
  int64_t firstTile(int channelPart) const {
    return std::min(inTiles, 2 * startOfPart(ceilDivide(inTiles, 2), channelPart, channelParts));
  }
  int64_t channelTiles() const { return std::min({mostChannelTiles, inTiles, 2 * ceilDivide(inTiles, 2 * channelParts)}); }
  int64_t columns() const { return inTiles * static_cast<int64_t>(taps.size()); }

 private:
  void findTaps();
  void findPlaces();
  void findSegment();
  void shareOut(int threads);
};

Gradient::Gradient(const Convolution& convolution, int threads) : c(convolution) {
  batch = c.result.shape[0], out = c.result.shape[1], height = c.result.shape[2], width = c.result.shape[3];
  in = c.source.shape[1];
  outTiles = ceilDivide(out, tileSide), inTiles = ceilDivide(in, tileSide);
  zeros.assign(std::max(in, out) + tileDepth, 0);
  findTaps();
  findPlaces();
  shareOut(threads);
  findSegment();
  const int64_t places = segment.rows * segment.pitch;
  turnedBytes = outTiles * places * tileSide * 2;
  pairedBytes = copies.size() * channelTiles() * (segment.rows + extraRows) * segment.pitch * tileSide * 2;
  sumBytes = outTiles * columns() * tileSums * 4;
}

/** Taps in an order in which neighbours read the same copy: column by column. */
void Gradient::findTaps() {
  const Window& w = c.window;
  std::vector<int64_t> shifts;
  for (int64_t kx = 0; kx < c.weights.shape[3]; kx++) {
    const size_t first = copies.size();
    for (int64_t ky = 0; ky < c.weights.shape[2]; ky++) {
      const int64_t offset = ky * w.dilation[0] - w.padding[0];
      const int64_t rows = floorDivide(offset, w.stride[0]);
      const Copy wanted{offset - rows * w.stride[0], kx * w.dilation[1] - w.padding[1]};
      size_t copy = first;
      while (copy < copies.size() && copies[copy].rowOffset != wanted.rowOffset) copy++;
      if (copy == copies.size()) copies.push_back(wanted);
      taps.push_back({static_cast<int64_t>(copy), rows});
    }
  }
  int64_t least = taps[0].rows;
  for (const Tap& tap : taps) least = std::min(least, tap.rows);
  for (Tap& tap : taps) tap.rows -= least, extraRows = std::max(extraRows, tap.rows);
  for (Copy& copy : copies) copy.rowOffset += least * w.stride[0];
}

void Gradient::findPlaces() {
  const int64_t height = c.weights.shape[2], width = c.weights.shape[3], count = height * width;
  places.resize(in * count);
  for (int64_t column = 0; column < inTiles * tileSide; column++) {
    const int64_t tile = column / tileSide, channel = numberInPairs(tile, column % tileSide, in);
    if (channel >= in) continue;
    for (int64_t tap = 0; tap < count; tap++) {
      const int64_t place = tap % height * width + tap / height;
      places[channel * count + place] = (tile * count + tap) * tileSums + column % tileSide;
    }
  }
}

void Gradient::shareOut(int threads) {
  channelParts = 1;
  const int64_t sums = outTiles * columns() * tileSums;
  while (channelParts < threads && (threads % channelParts != 0 || sums / channelParts > mostSums)) channelParts++;
  channelParts = static_cast<int>(std::min<int64_t>(channelParts, ceilDivide(inTiles, 2)));
  pictureParts = static_cast<int>(std::min<int64_t>(std::max(1, threads / channelParts), batch));
}

/** The group of pictures and band of rows that waste least: on padding, on rows that two bands need, on short walks. */
void Gradient::findSegment() {
  const int64_t wanted = segmentNumbers / (static_cast<int64_t>(copies.size()) * channelTiles() * tileSide);
  const int64_t most = std::max<int64_t>(1, std::min(ceilDivide(batch, pictureParts), wanted / width));
  double least = 0;
  for (int64_t pictures = 1; pictures <= most; pictures++) {
    const int64_t pitch = ceilDivide(pictures * width, tileDepth) * tileDepth;
    const int64_t rows = std::clamp<int64_t>(wanted / pitch, 1, height);
    const int64_t bands = ceilDivide(height, rows);
    const double padding = static_cast<double>(pitch) / (pictures * width);
    const double shared = 1 + 0.1 * extraRows * bands / height;
    const double cost = padding * shared * (1 + 64.0 / (pitch * rows));
    if (pictures == 1 || cost < least) segment = {pictures, ceilDivide(height, bands), pitch}, least = cost;
  }
}

/** One thread's part of the work. */
class Part {
 public:
  Part(const Gradient& g, int index, char* memory)
      : g_(g),
        sums_(reinterpret_cast<float*>(memory)),
        turned_(reinterpret_cast<uint16_t*>(memory + g.sumBytes)),
        paired_(reinterpret_cast<uint16_t*>(memory + g.sumBytes + g.turnedBytes)) {
    const int p = index / g.channelParts, q = index % g.channelParts;
    firstPicture_ = startOfPart(g.batch, p, g.pictureParts), lastPicture_ = startOfPart(g.batch, p + 1, g.pictureParts);
    firstTile_ = g.firstTile(q), lastTile_ = g.firstTile(q + 1);
  }

  void run() {
    bool fresh = true;
    for (int64_t n = firstPicture_; n < lastPicture_; n += g_.segment.pictures) {
      for (int64_t y = 0; y < g_.height; y += g_.segment.rows) {
        place(n, y);
        turnGradient();
        for (int64_t tile = firstTile_; tile < lastTile_; tile += g_.channelTiles()) {
          const int64_t tiles = std::min(g_.channelTiles(), lastTile_ - tile);
          pairSource(tile, tiles);
          multiply(tile, tiles, fresh);
        }
        fresh = false;
      }
    }
  }

 private:
  void place(int64_t picture, int64_t row) {
    picture_ = picture, row_ = row;
    pictures_ = std::min(g_.segment.pictures, lastPicture_ - picture);
    rows_ = std::min(g_.segment.rows, g_.height - row);
    pitch_ = ceilDivide(pictures_ * g_.width, tileDepth) * tileDepth;
    seen_.assign(pitch_, g_.zeros.data());
  }

  int64_t depth() const { return rows_ * pitch_ / tileDepth; }

  void turnGradient() {
    const auto* from = reinterpret_cast<const uint16_t*>(g_.c.result.data);
    const int64_t distance = depth() * tileNumbers;
    uint16_t* to = turned_;
    for (int64_t y = row_; y < row_ + rows_; y++) {
      for (int64_t n = 0; n < pictures_; n++) {
        const uint16_t* line = from + ((picture_ + n) * g_.height + y) * g_.width * g_.out;
        const uint16_t** seen = seen_.data() + n * g_.width;
        for (int64_t x = 0; x < g_.width; x++) seen[x] = line + x * g_.out;
      }
      for (int64_t at = 0; at < pitch_; at += tileDepth, to += tileNumbers) {
        tileKernels()->turn(to, distance, seen_.data() + at, g_.out);
      }
    }
  }

  void pairSource(int64_t tile, int64_t tiles) {
    const int64_t perRow = pitch_ * tileSide, distance = (rows_ + g_.extraRows) * perRow;
    const int64_t first = tile * tileSide, count = std::min(tiles * tileSide, g_.in - first);
    uint16_t* to = paired_;
    for (const Copy& copy : g_.copies) {
      for (int64_t row = 0; row < rows_ + g_.extraRows; row++) {
        look(copy, row, first);
        tileKernels()->pair(to + row * perRow, distance, seen_.data(), pitch_ / 2, count);
      }
      to += tiles * distance;
    }
  }

  /** Finds the pixels of a row of a copy, from channel `first` on; zeros beyond the edge. */
  void look(const Copy& copy, int64_t row, int64_t first) {
    const int64_t height = g_.c.source.shape[2], width = g_.c.source.shape[3], stride = g_.c.window.stride[1];
    const int64_t y = (row_ + row) * g_.c.window.stride[0] + copy.rowOffset;
    const uint16_t* zeros = g_.zeros.data();
    if (y < 0 || y >= height) return void(std::fill_n(seen_.begin(), pictures_ * g_.width, zeros));
    // Places whose pixel is inside: [left, right).
    const int64_t left = std::clamp<int64_t>(ceilDivide(-copy.columnOffset, stride), 0, g_.width);
    const int64_t right = std::clamp<int64_t>(ceilDivide(width - copy.columnOffset, stride), left, g_.width);
    const auto* from = reinterpret_cast<const uint16_t*>(g_.c.source.data) + first + copy.columnOffset * g_.in;
    for (int64_t n = 0; n < pictures_; n++) {
      const uint16_t* line = from + ((picture_ + n) * height + y) * width * g_.in;
      const uint16_t** seen = seen_.data() + n * g_.width;
      std::fill(seen, seen + left, zeros);
      for (int64_t x = left; x < right; x++) seen[x] = line + x * stride * g_.in;
      std::fill(seen + right, seen + g_.width, zeros);
    }
  }

  void multiply(int64_t tile, int64_t tiles, bool fresh) {
    const int64_t taps = g_.taps.size(), columns = tiles * taps, depth = this->depth();
    const int64_t perRow = pitch_ * tileSide, distance = (rows_ + g_.extraRows) * perRow;
    for (int64_t out = 0; out < g_.outTiles; out++) {
      const uint16_t* a = turned_ + out * depth * tileNumbers;
      float* sums = sums_ + (out * g_.columns() + tile * taps) * tileSums;
      for (int64_t at = 0; at < columns; at += mostColumns) {
        const uint16_t* b[mostColumns];
        const int64_t count = std::min(mostColumns, columns - at);
        for (int64_t i = 0; i < count; i++) {
          const Tap& tap = g_.taps[(at + i) % taps];
          b[i] = paired_ + (tap.copy * tiles + (at + i) / taps) * distance + tap.rows * perRow;
        }
        tileKernels()->multiply(sums + at * tileSums, a, b, count, depth, fresh);
      }
    }
  }

  const Gradient& g_;
  float* sums_;
  uint16_t* turned_;
  uint16_t* paired_;
  int64_t firstPicture_, lastPicture_, firstTile_, lastTile_;
  int64_t picture_ = 0, row_ = 0, pictures_ = 0, rows_ = 0, pitch_ = 0;
  std::vector<const uint16_t*> seen_;
};

/** Adds up what the parts have found, in their order, and puts it into the kernel: the channels of one tile of the result. */
class Collector {
 public:
  Collector(const Gradient& g, const char* memory, int64_t partBytes)
      : g_(g), memory_(memory), partBytes_(partBytes), taps_(g.taps.size()), total_(g.columns() * tileSums) {}

  void collect(int64_t outTile) {
    for (int q = 0; q < g_.channelParts; q++) addUp(q, outTile);
    const int64_t rows = std::min(tileSide, g_.out - outTile * tileSide);
    auto* kernel = reinterpret_cast<float*>(g_.c.weights.data) + outTile * tileSide * g_.in * taps_;
    for (int64_t row = 0; row < rows; row++) {
      const auto count = static_cast<int64_t>(g_.places.size());
      tileKernels()->pick(kernel + row * count, total_.data() + row * tileSide, g_.places.data(), count);
    }
  }

 private:
  void addUp(int channelPart, int64_t outTile) {
    const int64_t first = g_.firstTile(channelPart) * taps_ * tileSums;
    const int64_t last = g_.firstTile(channelPart + 1) * taps_ * tileSums;
    for (int part = channelPart; part < g_.parts(); part += g_.channelParts) {
      const float* from = reinterpret_cast<const float*>(memory_ + part * partBytes_) + outTile * total_.size();
      if (part == channelPart) {
        std::copy(from + first, from + last, total_.begin() + first);
      } else {
        for (int64_t i = first; i < last; i++) total_[i] += from[i];
      }
    }
  }

  const Gradient& g_;
  const char* memory_;
  const int64_t partBytes_, taps_;
  /** The sums of one tile of the result's channels and all of the source's, for every tap. */
  std::vector<float> total_;
};

}  // namespace

// Measured against the library's own and against patches (docs/performance.md): the library is as fast only where one tile holds
// all channels of both sides, and the rest of the work outweighs the products.
bool weightGradientByTiles(const Convolution& c) {
  const bool reduced = c.source.dtype == DType::bfloat16 && c.result.dtype == DType::bfloat16;
  return tileKernels() != nullptr && reduced && (c.source.shape[1] > tileSide || c.result.shape[1] > tileSide);
}

Step tileWeightGradient(const Convolution& c, StepContext& context) {
  const auto g = std::make_shared<const Gradient>(c, context.threads);
  const int64_t partBytes = padded(g->turnedBytes + g->pairedBytes + g->sumBytes);
  context.scratch.want(g->parts() * partBytes);
  return [g, partBytes, threads = context.threads, &scratch = context.scratch] {
    inParallel(g->parts(), [&](int index) {
      tileKernels()->configure();
      Part(*g, index, scratch.data() + index * partBytes).run();
      tileKernels()->release();
    });
    const int shares = static_cast<int>(std::min<int64_t>(threads, g->outTiles));
    inParallel(shares, [&](int share) {
      Collector collector(*g, scratch.data(), partBytes);
      const int64_t last = startOfPart(g->outTiles, share + 1, shares);
      for (int64_t tile = startOfPart(g->outTiles, share, shares); tile < last; tile++) collector.collect(tile);
    });
  };
}

}  // namespace foreloss
