// Matrix product and convolution. Pictures are [batch, channels, height, width]; kernels [out, in, height, width].
import { ShapeError } from "../errors.ts";
import { describe, makeNode, type Node, type Padding, type Pair, sameShape, type Window } from "../graph.ts";

export interface MatmulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** Product over the last two axes, [..., n, k] x [..., k, m]; leading axes are equal, or `b` has none. */
export function matmul(a: Node, b: Node, options: MatmulOptions = {}): Node {
  const { transposeA = false, transposeB = false } = options;
  const ok = a.dtype === "float32" && b.dtype === "float32" && a.shape.length >= 2 && b.shape.length >= 2;
  const batch = a.shape.slice(0, -2);
  const [n, k] = lastTwo(a, transposeA);
  const [inner, m] = lastTwo(b, transposeB);
  if (!ok || k !== inner || !(b.shape.length === 2 || sameShape(batch, b.shape.slice(0, -2)))) {
    const flags = `${transposeA ? " (a transposed)" : ""}${transposeB ? " (b transposed)" : ""}`;
    throw new ShapeError("matmul", `${describe(a)} and ${describe(b)} do not fit${flags}`);
  }
  return makeNode("matmul", [a, b], { transposeA, transposeB }, [...batch, n, m]);
}

function lastTwo(x: Node, transposed: boolean): Pair {
  const [rows, columns] = [x.shape.at(-2) ?? 0, x.shape.at(-1) ?? 0];
  return transposed ? [columns, rows] : [rows, columns];
}

export interface ConvOptions {
  readonly stride?: number | Pair;
  /** One number for all sides, [vertical, horizontal], or [top, left, bottom, right]. */
  readonly padding?: number | Pair | Padding;
  readonly dilation?: number | Pair;
}

/** Cross-correlation, as in every deep-learning library: x [batch, in, h, w], w [out, in, kh, kw]. */
export function conv2d(x: Node, w: Node, options: ConvOptions = {}): Node {
  const window = windowOf(options);
  if (x.shape.length !== 4 || w.shape.length !== 4 || x.shape[1] !== w.shape[1] || x.dtype !== "float32") {
    throw new ShapeError("conv2d", `pictures ${describe(x)} and kernel ${describe(w)} do not fit`);
  }
  const size = convOutputSize("conv2d", [x.shape[2]!, x.shape[3]!], [w.shape[2]!, w.shape[3]!], window);
  return makeNode("conv2d", [x, w], window, [x.shape[0]!, w.shape[0]!, ...size]);
}

/** Gradient of `conv2d` with respect to its pictures of height and width `inputSize`. */
export function conv2dInputGradient(dy: Node, w: Node, window: Window, inputSize: Pair): Node {
  checkGradient("conv2dInputGradient", dy, inputSize, [w.shape[2]!, w.shape[3]!], window);
  const shape = [dy.shape[0]!, w.shape[1]!, ...inputSize];
  return makeNode("conv2dInputGradient", [dy, w], { ...windowOf(window), inputSize }, shape);
}

/** Gradient of `conv2d` with respect to its kernel of height and width `kernel`. */
export function conv2dWeightGradient(x: Node, dy: Node, window: Window, kernel: Pair): Node {
  checkGradient("conv2dWeightGradient", dy, [x.shape[2]!, x.shape[3]!], kernel, window);
  const shape = [dy.shape[1]!, x.shape[1]!, ...kernel];
  return makeNode("conv2dWeightGradient", [x, dy], { ...windowOf(window), kernel }, shape);
}

function checkGradient(operation: string, dy: Node, inputSize: Pair, kernel: Pair, window: Window): void {
  const size = convOutputSize(operation, inputSize, kernel, window);
  if (!sameShape(size, dy.shape.slice(2))) {
    throw new ShapeError(operation, `gradient ${describe(dy)} does not fit an output of [${size}]`);
  }
}

/** Options with everything filled in. */
export function windowOf(options: ConvOptions): Window {
  return {
    stride: pairOf(options.stride ?? 1),
    padding: paddingOf(options.padding ?? 0),
    dilation: pairOf(options.dilation ?? 1),
  };
}

export function pairOf(value: number | Pair): Pair {
  return typeof value === "number" ? [value, value] : value;
}

export function paddingOf(value: number | Pair | Padding): Padding {
  if (typeof value === "number") return [value, value, value, value];
  return value.length === 2 ? [value[0], value[1], value[0], value[1]] : value;
}

/** Height and width after a window has run over `size`. */
export function convOutputSize(operation: string, size: Pair, kernel: Pair, window: Window): Pair {
  const along = (axis: 0 | 1) => {
    const padded = size[axis] + window.padding[axis] + window.padding[axis + 2]!;
    return Math.floor((padded - window.dilation[axis] * (kernel[axis] - 1) - 1) / window.stride[axis]) + 1;
  };
  const result: Pair = [along(0), along(1)];
  if (result[0] < 1 || result[1] < 1) {
    throw new ShapeError(
      operation,
      `a window of [${kernel}] does not fit pictures of [${size}] with padding [${window.padding}]`,
    );
  }
  return result;
}
