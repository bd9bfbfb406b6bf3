// Picture files: what can be known of them fast, and their pixels as a model takes them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace foreloss {

struct FileFacts {
  double bytes;
  /** Milliseconds since 1970, as Node gives them. */
  double modifiedMs;
};

/** What a picture is brought to: a square, filled (what stands out is cut) or with black around the picture. */
struct SquareSize {
  int sidePx;
  bool fill;
};

/** Nothing when the file is not plainly a whole JPEG: its header is read, and it has to end as one. */
std::optional<FileFacts> lookAt(const std::string& path) noexcept;

/** The content of a file of at most `mostBytes`; empty when it is larger or cannot be read. */
std::vector<uint8_t> readFile(const std::string& path, size_t mostBytes) noexcept;

/**
 * Decodes a plain JPEG into `planes`, [3, side, side]. False when it is not one, when anything is wrong with it, or when it would
 * have to be enlarged.
 */
bool readSquare(const std::vector<uint8_t>& bytes, SquareSize size, uint8_t* planes) noexcept;

}  // namespace foreloss
