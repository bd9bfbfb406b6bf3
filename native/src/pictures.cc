// The sizes on the way from a file to a square are those of `sharp`: a whole fraction while decoding, the rest by a filter, then
// cut or padded around the middle.
#include "pictures.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "jpeg.h"
#include "reduce.h"

namespace foreloss {
namespace {

/** As much of a file as its header fits in, nearly always. */
constexpr size_t headBytes = 1 << 16;
/** A picture of more pixels is not plain. */
constexpr double mostPixels = 1e8;
/** Where a side has to become so many times shorter after decoding, or more, `sharp` averages first. */
constexpr int filterLimit = 4;

/** A file that is open for reading, or not. */
class OpenFile {
 public:
  explicit OpenFile(const std::string& path) : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (descriptor_ >= 0 && (fstat(descriptor_, &facts_) != 0 || !S_ISREG(facts_.st_mode))) shut();
  }
  ~OpenFile() { shut(); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  bool isOpen() const { return descriptor_ >= 0; }
  size_t size() const { return static_cast<size_t>(facts_.st_size); }
  FileFacts facts() const {
#ifdef __APPLE__
    const timespec& time = facts_.st_mtimespec;
#else
    const timespec& time = facts_.st_mtim;
#endif
    return {static_cast<double>(facts_.st_size), time.tv_sec * 1e3 + time.tv_nsec / 1e6};
  }
  /** `count` bytes from `offset`; fewer where the file ends, or cannot be read further. */
  std::vector<uint8_t> read(size_t offset, size_t count) const {
    std::vector<uint8_t> bytes(count);
    size_t got = 0;
    while (got < count) {
      const ssize_t more = pread(descriptor_, bytes.data() + got, count - got, static_cast<off_t>(offset + got));
      if (more <= 0) break;
      got += static_cast<size_t>(more);
    }
    bytes.resize(got);
    return bytes;
  }

 private:
  void shut() {
    if (descriptor_ >= 0) close(descriptor_);
    descriptor_ = -1;
  }

  int descriptor_;
  struct stat facts_ {};
};

bool endsAsJpeg(const std::vector<uint8_t>& bytes) {
  return bytes.size() >= 2 && bytes[bytes.size() - 2] == 0xff && bytes.back() == 0xd9;
}

/** The factor by which both sides are divided: one side then has the square's length, the other no less (filled) or no more. */
double shrinkOf(Extent extent, SquareSize size) {
  const double across = static_cast<double>(extent.width) / size.sidePx;
  const double down = static_cast<double>(extent.height) / size.sidePx;
  return size.fill ? std::min(across, down) : std::max(across, down);
}

/** Which fraction is decoded: where the whole factor is just that, half of it, since the decoder may round the size down. */
int fractionOf(double shrink) {
  const int fraction = shrink >= 8 ? 8 : shrink >= 4 ? 4 : shrink >= 2 ? 2 : 1;
  return fraction > 1 && static_cast<int>(shrink) == fraction ? fraction / 2 : fraction;
}

double pixelsOf(Extent extent) { return static_cast<double>(extent.width) * extent.height; }

/** The part of `length` pixels that lands on `side` pixels: where it begins in either, and how long it is. */
struct Placing {
  int from;
  int to;
  int count;
};

Placing place(int length, int side) {
  if (length > side) return {(length - side + 1) / 2, 0, side};
  return {0, (side - length) / 2, length};
}

void copyToPlanes(const RgbPicture& picture, int side, uint8_t* planes) {
  const size_t area = static_cast<size_t>(side) * side;
  std::fill(planes, planes + 3 * area, uint8_t{0});
  const Placing across = place(picture.extent.width, side);
  const Placing down = place(picture.extent.height, side);
  for (int y = 0; y < down.count; y++) {
    const size_t row = static_cast<size_t>(down.from + y) * picture.extent.width;
    const uint8_t* pixel = picture.pixels.data() + 3 * (row + across.from);
    uint8_t* to = planes + static_cast<size_t>(down.to + y) * side + across.to;
    for (int x = 0; x < across.count; x++, pixel += 3)
      for (int channel = 0; channel < 3; channel++) to[channel * area + x] = pixel[channel];
  }
}

/** Keeps the upper left part: a fraction of a size is rounded up by the decoder and down by `sharp`. */
void cut(RgbPicture& picture, Extent size) {
  const size_t from = 3 * static_cast<size_t>(picture.extent.width);
  const size_t to = 3 * static_cast<size_t>(size.width);
  uint8_t* pixels = picture.pixels.data();
  for (int y = 1; y < size.height && to < from; y++) std::memmove(pixels + y * to, pixels + y * from, to);
  picture.pixels.resize(to * size.height);
  picture.extent = size;
}

bool decodeSquare(const std::vector<uint8_t>& bytes, SquareSize size, uint8_t* planes) {
  JpegFile file(bytes.data(), bytes.size());
  if (!file.readHeader()) return false;
  const Extent whole = file.extent();
  const double shrink = shrinkOf(whole, size);
  if (shrink < 1 || shrink > std::min(whole.width, whole.height) || pixelsOf(whole) > mostPixels) return false;
  RgbPicture picture;
  const int fraction = fractionOf(shrink);
  if (!file.decode(fraction, picture)) return false;
  cut(picture, {whole.width / fraction, whole.height / fraction});
  // `sharp` hands the inverse on, and a tie in rounding a size depends on that.
  const double rest = 1 / (1 / shrinkOf(picture.extent, size));
  if (rest < 1 || rest > std::min(picture.extent.width, picture.extent.height)) return false;
  const Extent target = reducedExtent(picture.extent, rest);
  if (picture.extent.width >= filterLimit * target.width || picture.extent.height >= filterLimit * target.height) return false;
  reduce(picture, rest);
  copyToPlanes(picture, size.sidePx, planes);
  return true;
}

}  // namespace

std::optional<FileFacts> lookAt(const std::string& path) noexcept {
  try {
    const OpenFile file(path);
    if (!file.isOpen()) return std::nullopt;
    const std::vector<uint8_t> head = file.read(0, std::min(file.size(), headBytes));
    const bool whole = head.size() == file.size();
    if (!endsAsJpeg(whole ? head : file.read(file.size() - 2, 2))) return std::nullopt;
    JpegFile jpeg(head.data(), head.size());
    if (!jpeg.readHeader()) return std::nullopt;
    if (pixelsOf(jpeg.extent()) > mostPixels) return std::nullopt;
    return file.facts();
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::vector<uint8_t> readFile(const std::string& path, size_t mostBytes) noexcept {
  try {
    const OpenFile file(path);
    if (!file.isOpen() || file.size() > mostBytes) return {};
    return file.read(0, file.size());
  } catch (const std::exception&) {
    return {};
  }
}

bool readSquare(const std::vector<uint8_t>& bytes, SquareSize size, uint8_t* planes) noexcept {
  try {
    return decodeSquare(bytes, size, planes);
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace foreloss
