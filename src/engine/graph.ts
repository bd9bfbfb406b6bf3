// The static graph. A node is an immutable value: what operation, of which nodes, with which shape and dtype. Nothing is
// computed here. A wrong shape fails when the node is made, with the shapes in the message.
// `Operations` is the list of all there is: a backend or a gradient table that leaves one out does not compile.

export type DType = "float32" | "int32" | "uint8" | "bool";
export type Shape = readonly number[];
export type Pair = readonly [number, number];
/** Top, left, bottom, right. */
export type Padding = readonly [number, number, number, number];
export type ConstantValues = Float32Array | Int32Array | Uint8Array;

/** Window of a convolution or pooling, in pixels: [height, width] pairs. */
export interface Window {
  readonly stride: Pair;
  readonly padding: Padding;
  readonly dilation: Pair;
}
export interface PoolWindow {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
}

type None = Record<string, never>;
type Reduction = { readonly axes: readonly number[]; readonly keepDims: boolean };

/** Every operation with its attributes. Shapes and meaning stand at the functions that build the nodes. */
export interface Operations {
  // leaves
  input: { readonly name: string };
  state: { readonly name: string };
  constant: { readonly values: ConstantValues };
  // element by element, with broadcasting
  add: None;
  sub: None;
  mul: None;
  div: None;
  maximum: None;
  minimum: None;
  greater: None;
  equal: None;
  select: None;
  neg: None;
  exp: None;
  log: None;
  sqrt: None;
  tanh: None;
  sigmoid: None;
  relu: None;
  step: None;
  cast: { readonly to: DType };
  stopGradient: None;
  // over axes
  sum: Reduction;
  max: Reduction;
  logSoftmax: None;
  rank: None;
  // where elements lie
  reshape: { readonly shape: Shape };
  broadcastTo: { readonly shape: Shape };
  transpose: { readonly permutation: readonly number[] };
  slice: { readonly starts: readonly number[]; readonly ends: readonly number[]; readonly steps: readonly number[] };
  reverse: { readonly axes: readonly number[] };
  pad: { readonly before: readonly number[]; readonly after: readonly number[] };
  concat: { readonly axis: number };
  gather: { readonly axis: number };
  scatterAdd: { readonly axis: number; readonly size: number };
  oneHot: { readonly depth: number };
  // linear algebra and pictures
  matmul: { readonly transposeA: boolean; readonly transposeB: boolean };
  conv2d: Window;
  conv2dInputGradient: Window & { readonly inputSize: Pair };
  conv2dWeightGradient: Window & { readonly kernel: Pair };
  maxPool: PoolWindow;
  maxPoolGradient: PoolWindow;
  averagePool: PoolWindow & { readonly countPadding: boolean };
  averagePoolGradient: PoolWindow & { readonly countPadding: boolean; readonly inputSize: Pair };
  upsampleNearest: { readonly factor: number };
  batchMoments: None;
  normalise: { readonly epsilon: number };
}

export type OpName = keyof Operations;

/** A node of one operation. Compared by identity: the same formula written twice makes two nodes. */
export interface NodeOf<K extends OpName> {
  readonly op: K;
  readonly inputs: readonly Node[];
  readonly attributes: Operations[K];
  readonly shape: Shape;
  readonly dtype: DType;
}
export type Node = { [K in OpName]: NodeOf<K> }[OpName];

/** Makes a node; only the functions in `operations/` call it, after checking shapes. */
export function makeNode<K extends OpName>(
  op: K,
  inputs: readonly Node[],
  attributes: Operations[K],
  shape: Shape,
  dtype: DType = "float32",
): Node {
  return Object.freeze({ op, inputs, attributes, shape: Object.freeze([...shape]), dtype }) as Node;
}

/** Number of elements. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** `float32[128,64,32,32]`, for messages. */
export function describe(node: Node): string {
  return `${node.dtype}[${node.shape.join(",")}]`;
}

/** All nodes that `roots` depend on, inputs before users. Order depends on the graph only. */
export function topologicalOrder(roots: readonly Node[]): Node[] {
  const order: Node[] = [];
  const visited = new Set<Node>();
  const stack: { node: Node; next: number }[] = [];
  for (const root of roots) {
    if (visited.has(root)) continue;
    visited.add(root);
    stack.push({ node: root, next: 0 });
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const input = top.node.inputs[top.next++];
      if (input === undefined) {
        order.push(top.node);
        stack.pop();
      } else if (!visited.has(input)) {
        visited.add(input);
        stack.push({ node: input, next: 0 });
      }
    }
  }
  return order;
}
