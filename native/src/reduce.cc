// Each output pixel is a weighted sum of the input pixels around its centre; the border pixels count as often as needed.
#include "reduce.h"

#include <algorithm>
#include <cmath>

namespace foreloss {
namespace {

constexpr int lobes = 3;
constexpr int phases = 64;
constexpr int weightBits = 12;
constexpr double pi = 3.14159265358979323846;

double sinc(double x) { return x == 0 ? 1 : std::sin(pi * x) / (pi * x); }

double lanczos(double x) { return std::abs(x) <= lobes ? sinc(x) * sinc(x / lobes) : 0; }

/** The input pixels that make up one output pixel. */
struct Taps {
  /** May lie outside of the picture. */
  int first;
  const int16_t* weights;
};

/** How a row of pixels becomes a shorter one. */
class Filter {
 public:
  explicit Filter(double shrink) : shrink_(shrink), taps_(2 * static_cast<int>(std::rint(lobes * shrink)) + 1) {
    for (int phase = 0; phase <= phases; phase++) addWeights(static_cast<double>(phase) / phases);
  }

  double shrink() const { return shrink_; }
  int taps() const { return taps_; }

  /** Where the first output pixel begins when `from` pixels become `to`: what is too much, or missing, is so on both sides. */
  double start(int from, int to) const { return (from - to * shrink_) / 2; }

  Taps at(int output, double start) const {
    const double centre = start + (output + 0.5) * shrink_;
    const int pixel = static_cast<int>(centre);
    const int phase = (static_cast<int>(centre * phases * 2) % (phases * 2) + 1) / 2;
    return {pixel - taps_ / 2, weights_.data() + phase * taps_};
  }

 private:
  /** For a centre that lies this share of a pixel behind the left edge of the middle one. */
  void addWeights(double share) {
    std::vector<double> weights;
    for (int i = 0; i < taps_; i++) weights.push_back(lanczos((i - taps_ / 2 + 0.5 - share) / shrink_));
    double sum = 0;
    for (const double weight : weights) sum += weight;
    for (const double weight : weights) weights_.push_back(static_cast<int16_t>(weight / sum * (1 << weightBits)));
  }

  double shrink_;
  int taps_;
  std::vector<int16_t> weights_;
};

uint8_t toByte(int sum) {
  constexpr int half = 1 << (weightBits - 1);
  return static_cast<uint8_t>(std::clamp((sum + half) >> weightBits, 0, 255));
}

RgbPicture reduceRows(const RgbPicture& picture, int height, const Filter& filter) {
  const auto [width, rows] = picture.extent;
  const int rowBytes = 3 * width;
  RgbPicture out{{width, height}, std::vector<uint8_t>(static_cast<size_t>(rowBytes) * height)};
  std::vector<int> sums(rowBytes);
  const double start = filter.start(rows, height);
  for (int y = 0; y < height; y++) {
    const Taps taps = filter.at(y, start);
    std::fill(sums.begin(), sums.end(), 0);
    for (int i = 0; i < filter.taps(); i++) {
      const uint8_t* row = picture.pixels.data() + static_cast<size_t>(rowBytes) * std::clamp(taps.first + i, 0, rows - 1);
      const int weight = taps.weights[i];
      for (int x = 0; x < rowBytes; x++) sums[x] += weight * row[x];
    }
    uint8_t* to = out.pixels.data() + static_cast<size_t>(rowBytes) * y;
    for (int x = 0; x < rowBytes; x++) to[x] = toByte(sums[x]);
  }
  return out;
}

RgbPicture reduceColumns(const RgbPicture& picture, int width, const Filter& filter) {
  const auto [columns, height] = picture.extent;
  RgbPicture out{{width, height}, std::vector<uint8_t>(3 * static_cast<size_t>(width) * height)};
  const double start = filter.start(columns, width);
  uint8_t* to = out.pixels.data();
  for (int y = 0; y < height; y++) {
    const uint8_t* row = picture.pixels.data() + 3 * static_cast<size_t>(columns) * y;
    for (int x = 0; x < width; x++) {
      const Taps taps = filter.at(x, start);
      int red = 0, green = 0, blue = 0;
      for (int i = 0; i < filter.taps(); i++) {
        const uint8_t* pixel = row + 3 * std::clamp(taps.first + i, 0, columns - 1);
        red += taps.weights[i] * pixel[0];
        green += taps.weights[i] * pixel[1];
        blue += taps.weights[i] * pixel[2];
      }
      for (const int sum : {red, green, blue}) *to++ = toByte(sum);
    }
  }
  return out;
}

}  // namespace

void reduce(RgbPicture& picture, double shrink) {
  if (shrink <= 1) return;
  const Extent size = reducedExtent(picture.extent, shrink);
  thread_local Filter filter(shrink);  // kept: the pictures of a folder often have one size
  if (filter.shrink() != shrink) filter = Filter(shrink);
  picture = reduceRows(picture, size.height, filter);
  picture = reduceColumns(picture, size.width, filter);
}

Extent reducedExtent(Extent extent, double shrink) {
  const auto reduced = [shrink](int pixels) { return std::max(1, static_cast<int>(pixels / shrink + 0.5)); };
  return {reduced(extent.width), reduced(extent.height)};
}

}  // namespace foreloss
