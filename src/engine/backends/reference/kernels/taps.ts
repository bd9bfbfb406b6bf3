// Where the elements of a sliding window touch a picture. A convolution or a pooling is a loop over the taps of its
// rows and, within, over those of its columns.
import type { Shape, Window } from "../../../graph.ts";

/** Element `kernel` of the window that gives output `out` lies on `in` of the picture (never in the padding). */
export interface Tap {
  readonly out: number;
  readonly kernel: number;
  readonly in: number;
}

/** All taps along the height (axis 0) or width (axis 1), by output and then by element of the window. */
function tapsAlong(axis: 0 | 1, inSize: number, outSize: number, kernelSize: number, window: Window): Tap[] {
  const taps: Tap[] = [];
  for (let out = 0; out < outSize; out++) {
    for (let kernel = 0; kernel < kernelSize; kernel++) {
      const at = out * window.stride[axis] - window.padding[axis] + kernel * window.dilation[axis];
      if (at >= 0 && at < inSize) taps.push({ out, kernel, in: at });
    }
  }
  return taps;
}

/**
 * Every element of every window over one picture: its output, its place in the window and its place in the
 * picture, as offsets in row-major planes. The elements of one window come in row order.
 */
export function windowTaps(picture: Shape, output: Shape, kernel: Shape, window: Window): Tap[] {
  const [[height, width], [outHeight, outWidth], [rows, columns]] = [picture, output, kernel].map((shape) =>
    shape.slice(-2),
  ) as [[number, number], [number, number], [number, number]];
  const across = tapsAlong(1, width, outWidth, columns, window);
  return tapsAlong(0, height, outHeight, rows, window).flatMap((row) =>
    across.map((column) => ({
      out: row.out * outWidth + column.out,
      kernel: row.kernel * columns + column.kernel,
      in: row.in * width + column.in,
    })),
  );
}
