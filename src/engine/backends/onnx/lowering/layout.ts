// Operations that move elements, in ONNX.
import type { Node, Shape } from "../../../graph.ts";
import type { OnnxWriter } from "../writer.ts";
import type { Lowering, Lowerings } from "./lowering.ts";

const toTheStart = -(2 ** 31);

/** Slice from `starts` to `ends` by `steps` on the axes where that changes something. */
export function emitSlice(
  writer: OnnxWriter,
  x: string,
  shape: Shape,
  starts: readonly number[],
  ends: readonly number[],
  steps: readonly number[] = shape.map(() => 1),
): string {
  const axes = shape.flatMap((extent, i) => (starts[i] !== 0 || ends[i] !== extent || steps[i] !== 1 ? [i] : []));
  if (axes.length === 0) return x;
  const pick = (list: readonly number[]) => writer.integers(axes.map((axis) => list[axis]!));
  return writer.emit("Slice", [x, pick(starts), pick(ends), writer.integers(axes), pick(steps)]);
}

/** Zeros before and after every axis. */
export function emitPad(writer: OnnxWriter, x: string, before: readonly number[], after: readonly number[]): string {
  if ([...before, ...after].every((n) => n === 0)) return x;
  return writer.emit("Pad", [x, writer.integers([...before, ...after])]);
}

export function emitReshape(writer: OnnxWriter, x: string, shape: Shape): string {
  return writer.emit("Reshape", [x, writer.integers(shape)]);
}

/** The order of the elements turned round on `axes`. */
export function emitReverse(writer: OnnxWriter, x: string, axes: readonly number[]): string {
  const all = (value: number) => writer.integers(axes.map(() => value));
  return writer.emit("Slice", [x, all(-1), all(toTheStart), writer.integers(axes), all(-1)]);
}

/** Adds rows into zeros with ScatterND, whose axis is the first: others are moved to the front and back. */
const scatterAdd: Lowering<"scatterAdd"> = (node, inputs, { writer }) => {
  const [values, indices] = node.inputs as readonly [Node, Node];
  const { axis, size } = node.attributes;
  const rank = indices.shape.length;
  const lead = values.shape.slice(0, axis);
  const tail = values.shape.slice(axis + rank);
  const indexAxes = indices.shape.map((_, i) => axis + i);
  const perm = [...indexAxes, ...lead.map((_, i) => i), ...tail.map((_, i) => axis + rank + i)];
  const front = axis === 0 ? inputs[0]! : writer.emit("Transpose", [inputs[0]!], { perm });
  const zeros = writer.emit("Expand", [writer.scalar(0), writer.integers([size, ...lead, ...tail])]);
  const rows = writer.emit("Unsqueeze", [inputs[1]!, writer.integers([rank])]);
  const rows64 = writer.emit("Cast", [rows], { to: 7 });
  const sum = writer.emit("ScatterND", [zeros, rows64, front], { reduction: "add" });
  if (axis === 0) return sum;
  const back = [...lead.map((_, i) => i + 1), 0, ...tail.map((_, i) => 1 + lead.length + i)];
  return writer.emit("Transpose", [sum], { perm: back });
};

const oneHot: Lowering<"oneHot"> = (node, inputs, { writer }) => {
  const { depth } = node.attributes;
  const last = node.inputs[0]!.shape.length;
  const column = writer.emit("Unsqueeze", [inputs[0]!, writer.integers([last])]);
  const classes = writer.constant(
    Int32Array.from({ length: depth }, (_, i) => i),
    [depth],
  );
  return writer.emit("Cast", [writer.emit("Equal", [column, classes])], { to: 1 });
};

export const layoutLowerings: Lowerings<
  "reshape" | "transpose" | "slice" | "reverse" | "pad" | "concat" | "gather" | "scatterAdd" | "oneHot"
> = {
  reshape: (node, inputs, { writer }) => {
    // 0 keeps the extent: models whose batch may change stay free in it.
    const kept = node.shape.length > 0 && node.shape[0] === node.inputs[0]!.shape[0];
    return emitReshape(writer, inputs[0]!, kept ? [0, ...node.shape.slice(1)] : node.shape);
  },
  transpose: (node, inputs, { writer }) => writer.emit("Transpose", inputs, { perm: node.attributes.permutation }),
  slice: (node, inputs, { writer }) => {
    const { starts, ends, steps } = node.attributes;
    const whole = emitSlice(writer, inputs[0]!, node.inputs[0]!.shape, starts, ends, steps);
    return whole === inputs[0] ? writer.emit("Identity", inputs) : whole;
  },
  reverse: (node, inputs, { writer }) => emitReverse(writer, inputs[0]!, node.attributes.axes),
  pad: (node, inputs, { writer }) => emitPad(writer, inputs[0]!, node.attributes.before, node.attributes.after),
  concat: (node, inputs, { writer }) => writer.emit("Concat", inputs, { axis: node.attributes.axis }),
  gather: (node, inputs, { writer }) => writer.emit("Gather", inputs, { axis: node.attributes.axis }),
  scatterAdd,
  oneHot,
};
