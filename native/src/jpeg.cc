// libjpeg reports an error by a function that may not return; here it jumps back to `attempt`. So nothing inside an attempt may own
// memory of its own. What libjpeg only warns of makes a file not plain either.
#include "jpeg.h"

#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <string_view>

#include <jpeglib.h>

namespace foreloss {
namespace {

#ifndef LIBJPEG_TURBO_VERSION
#error "libjpeg-turbo is needed, and this is another libjpeg"
#endif

/** A progressive file may hold any number of scans of all its pixels; no encoder makes as many as this. */
constexpr int mostScans = 100;

std::string_view contentOf(const jpeg_marker_struct& marker) {
  return {reinterpret_cast<const char*>(marker.data), marker.data_length};
}

bool startsWith(std::string_view text, std::string_view start) { return text.substr(0, start.size()) == start; }

/** Numbers of a TIFF structure, in the byte order that it names; reading beyond its end gives 0. */
struct Tiff {
  std::string_view bytes;
  bool littleEndian;

  uint32_t at(size_t offset, int size) const {
    if (offset > bytes.size() || bytes.size() - offset < static_cast<size_t>(size)) return 0;
    uint32_t value = 0;
    for (int i = 0; i < size; i++) {
      const auto byte = static_cast<uint8_t>(bytes[offset + (littleEndian ? size - 1 - i : i)]);
      value = value << 8 | byte;
    }
    return value;
  }
};

constexpr std::string_view exifStart{"Exif\0\0", 6};

/** Whether an Exif segment leaves the picture as it is: its first directory names no orientation but the upright one. */
bool isUpright(std::string_view exif) {
  exif.remove_prefix(exifStart.size());
  const Tiff tiff{exif, startsWith(exif, "II")};
  if (!tiff.littleEndian && !startsWith(exif, "MM")) return false;
  if (tiff.at(2, 2) != 42) return false;
  constexpr int orientation = 0x0112, shortType = 3, entryBytes = 12;
  const size_t directory = tiff.at(4, 4);
  const uint32_t entries = tiff.at(directory, 2);
  for (uint32_t i = 0; i < entries; i++) {
    const size_t entry = directory + 2 + i * entryBytes;
    if (tiff.at(entry, 2) != orientation) continue;
    if (tiff.at(entry + 2, 2) != shortType || tiff.at(entry + 8, 2) != 1) return false;
  }
  return true;
}

/** APP1 holds Exif or XMP (which may announce a map of brightness), APP2 profiles and further pictures. */
bool isHarmless(const jpeg_marker_struct& marker) {
  const std::string_view content = contentOf(marker);
  if (marker.marker == JPEG_APP0 + 2) return false;
  if (startsWith(content, exifStart)) return isUpright(content);
  return content.find("hdrgm") == std::string_view::npos;
}

/**
 * Whether the scans of a progressive file, all read, bring every coefficient in full. Where they do not, decoders smooth over what is
 * missing, each version in its own way.
 */
bool isRefined(const jpeg_decompress_struct& info) {
  if (info.coef_bits == nullptr) return true;
  constexpr int smoothed = 10;  // coefficients that smoothing looks at
  for (int component = 0; component < info.num_components; component++)
    for (int i = 0; i < smoothed; i++)
      if (info.coef_bits[component][i] != 0) return false;
  return true;
}

}  // namespace

struct JpegFile::Decoder {
  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf back;

  static void leave(j_common_ptr info) { std::longjmp(static_cast<Decoder*>(info->client_data)->back, 1); }
  static void count(j_common_ptr info, int level) {
    if (level < 0) info->err->num_warnings++;
  }
  static void watch(j_common_ptr info) {
    if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > mostScans) leave(info);
  }

  /** Whether `work` gets to its end without an error or a warning. */
  template <class Work>
  bool attempt(const Work& work) {
    if (setjmp(back) != 0) return false;
    return work() && errors.num_warnings == 0;
  }
};

JpegFile::JpegFile(const uint8_t* bytes, size_t count) : decoder_(new Decoder) {
  Decoder& decoder = *decoder_;
  decoder.info.err = jpeg_std_error(&decoder.errors);
  decoder.errors.error_exit = Decoder::leave;
  decoder.errors.emit_message = Decoder::count;
  decoder.info.client_data = decoder_;
  decoder.progress.progress_monitor = Decoder::watch;
  const bool made = decoder.attempt([&] {
    jpeg_create_decompress(&decoder.info);
    decoder.info.progress = &decoder.progress;
    jpeg_mem_src(&decoder.info, bytes, count);
    for (const int app : {1, 2}) jpeg_save_markers(&decoder.info, JPEG_APP0 + app, 0xffff);
    return true;
  });
  if (!made) decoder.errors.num_warnings++;
}

JpegFile::~JpegFile() {
  jpeg_destroy_decompress(&decoder_->info);
  delete decoder_;
}

bool JpegFile::readHeader() {
  jpeg_decompress_struct& info = decoder_->info;
  return decoder_->attempt([&] {
    if (decoder_->errors.num_warnings > 0 || jpeg_read_header(&info, TRUE) != JPEG_HEADER_OK) return false;
    const bool colour = info.jpeg_color_space == JCS_YCbCr && info.num_components == 3;
    const bool grey = info.jpeg_color_space == JCS_GRAYSCALE && info.num_components == 1;
    if (!(colour || grey) || info.arith_code) return false;
    for (auto* marker = info.marker_list; marker != nullptr; marker = marker->next)
      if (!isHarmless(*marker)) return false;
    return true;
  });
}

Extent JpegFile::extent() const {
  return {static_cast<int>(decoder_->info.image_width), static_cast<int>(decoder_->info.image_height)};
}

bool JpegFile::decode(int shrink, RgbPicture& into) {
  jpeg_decompress_struct& info = decoder_->info;
  info.out_color_space = JCS_RGB;
  info.scale_num = 1;
  info.scale_denom = shrink;
  if (!decoder_->attempt([&] { return jpeg_start_decompress(&info) == TRUE && isRefined(info); })) return false;
  into.extent = {static_cast<int>(info.output_width), static_cast<int>(info.output_height)};
  const size_t rowBytes = 3 * static_cast<size_t>(info.output_width);
  into.pixels.resize(rowBytes * info.output_height);
  return decoder_->attempt([&] {
    while (info.output_scanline < info.output_height) {
      JSAMPROW row = into.pixels.data() + rowBytes * info.output_scanline;
      if (jpeg_read_scanlines(&info, &row, 1) != 1) return false;
    }
    return jpeg_finish_decompress(&info) == TRUE;
  });
}

}  // namespace foreloss
