// Decodes plain JPEG files by libjpeg-turbo. What is in any way out of the ordinary is refused, not dealt with: there is another
// reader, slower and for everything, and what it says of such a file counts.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace foreloss {

struct Extent {
  int width;
  int height;
};

/** [height, width, 3], 8-bit sRGB. */
struct RgbPicture {
  Extent extent{0, 0};
  std::vector<uint8_t> pixels;
};

class JpegFile {
 public:
  /** The bytes, or the first of them, must outlive this. */
  JpegFile(const uint8_t* bytes, size_t count);
  ~JpegFile();
  JpegFile(const JpegFile&) = delete;
  JpegFile& operator=(const JpegFile&) = delete;

  /**
   * Reads the header. False when the bytes end before it does, when it is not as it should be, or when the picture is not plain:
   * 8-bit, grey or YCbCr, upright, without a colour profile or anything else that may change what the pixels mean.
   */
  bool readHeader();
  Extent extent() const;
  /** Decodes at 1/`shrink` of the size (1, 2, 4 or 8), after the header. False when anything is wrong with the file. */
  bool decode(int shrink, RgbPicture& into);

 private:
  struct Decoder;
  Decoder* decoder_;
};

}  // namespace foreloss
