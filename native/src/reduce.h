// Makes pictures smaller.
#pragma once
#include "jpeg.h"

namespace foreloss {

/**
 * Reduces both sides by the factor `shrink` (1 to 4) with Lanczos' filter of three lobes: vertically, then horizontally, with
 * weights of 12 bits taken at 64 places between two pixels, and bytes in between, as libvips (and so `sharp`) does it.
 */
void reduce(RgbPicture& picture, double shrink);

/** What comes out of it: sides rounded to whole pixels, 1 at least. */
Extent reducedExtent(Extent extent, double shrink);

}  // namespace foreloss
