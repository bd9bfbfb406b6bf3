// Cases of the operations that move elements.
import type { Node, Shape } from "../../graph.ts";
import {
  add,
  broadcastTo,
  concat,
  gather,
  mul,
  oneHot,
  pad,
  reshape,
  reverse,
  scatterAdd,
  slice,
  sliceAxis,
  sum,
  transpose,
} from "../../operations/index.ts";
import type { Case, CaseInputs, Cases } from "../case.ts";

/** One operation on float32 and, since elements only move, on the other dtypes. */
function ofEveryType(shape: Shape, operation: (x: Node) => Node): Case[] {
  const draws: Readonly<Record<string, (inputs: CaseInputs) => Node>> = {
    int32: (inputs) => inputs.integers(shape, -9, 9),
    uint8: (inputs) => inputs.bytes(shape),
    bool: (inputs) => inputs.truths(shape),
  };
  return Object.entries(draws).map(([name, draw]) => ({ name, build: (inputs) => operation(draw(inputs)) }));
}

function of(name: string, shape: Shape, operation: (x: Node) => Node): Case {
  return { name, build: (inputs) => operation(inputs.floats(shape)) };
}

const reshapes: readonly (readonly [Shape, Shape])[] = [
  [
    [2, 6],
    [3, 4],
  ],
  [[1], []],
  [[], [1, 1]],
  [
    [2, 3, 4],
    [-1, 4],
  ],
  [
    [3, 4],
    [3, 2, 2],
  ],
  [
    [1, 12],
    [1, 3, 4, 1],
  ],
];

const stretches: readonly (readonly [Shape, Shape])[] = [
  [[], [2, 3]],
  [[5], [3, 5]],
  [
    [3, 1],
    [2, 3, 4],
  ],
  [
    [2, 1, 1, 3],
    [2, 5, 1, 3],
  ],
];

const permutations: readonly (readonly [Shape, readonly number[]])[] = [
  [[], []],
  [[5], [0]],
  [
    [3, 5],
    [1, 0],
  ],
  ...[
    [0, 2, 1],
    [1, 0, 2],
    [2, 1, 0],
    [1, 2, 0],
    [2, 0, 1],
  ].map((permutation) => [[2, 3, 5], permutation] as const),
  [
    [2, 3, 4, 5],
    [0, 2, 3, 1],
  ],
  [
    [2, 3, 4, 5],
    [0, 3, 1, 2],
  ],
  [
    [2, 1, 3, 1, 4],
    [4, 2, 0, 1, 3],
  ],
];

const picks: readonly (readonly [Shape, Shape, number])[] = [
  [[7], [], 0],
  [[7], [3], 0],
  [[5, 3], [11], 0],
  [[5, 3], [2, 4], 0],
  [[3, 5], [4], 1],
  [[2, 5, 3], [2, 2], 1],
  [[2, 3, 4], [1], 2],
  [[1, 3], [2], 0],
];

function pickName([shape, indices, axis]: (typeof picks)[number]): string {
  return `[${shape}] at indices [${indices}] of axis ${axis}`;
}

const gathers = picks.map((pick): Case => {
  const [shape, indices, axis] = pick;
  const build: Case["build"] = (inputs) =>
    gather(inputs.floats(shape), inputs.integers(indices, 0, shape[axis]! - 1), axis);
  return { name: pickName(pick), build };
});

const scatters = picks.map((pick): Case => {
  const [shape, indices, axis] = pick;
  const values = [...shape.slice(0, axis), ...indices, ...shape.slice(axis + 1)];
  const build: Case["build"] = (inputs) =>
    scatterAdd(inputs.floats(values), inputs.integers(indices, 0, shape[axis]! - 1), axis, shape[axis]!);
  return { name: pickName(pick), build };
});

export const layoutCases: Cases<
  "reshape" | "broadcastTo" | "transpose" | "slice" | "reverse" | "pad" | "concat" | "gather" | "scatterAdd" | "oneHot"
> = {
  reshape: [
    ...reshapes.map(([from, to]) => of(`[${from}] to [${to}]`, from, (x) => reshape(x, to))),
    ...ofEveryType([2, 6], (x) => reshape(x, [4, 3])),
  ],
  broadcastTo: [
    ...stretches.map(([from, to]) => of(`[${from}] to [${to}]`, from, (x) => broadcastTo(x, to))),
    ...ofEveryType([3, 1], (x) => broadcastTo(x, [2, 3, 4])),
    {
      name: "into a sum that is no wider",
      build: (inputs) => add(broadcastTo(inputs.floats([3, 1]), [3, 4]), inputs.floats([])),
    },
    {
      name: "two into a product that neither's partner widens",
      build: (inputs) => mul(broadcastTo(inputs.floats([3, 1]), [3, 4]), broadcastTo(inputs.floats([]), [3, 4])),
    },
    {
      name: "into a sum and a reduction",
      build: (inputs) => {
        const wide = broadcastTo(inputs.floats([5]), [3, 5]);
        return add(mul(wide, inputs.floats([3, 5])), sum(wide, { axes: [0] }));
      },
    },
  ],
  transpose: [
    ...permutations.map(([shape, permutation]) =>
      of(`[${shape}] by [${permutation}]`, shape, (x) => transpose(x, permutation)),
    ),
    of("without a permutation", [2, 3, 4], (x) => transpose(x)),
    ...ofEveryType([2, 3, 4], (x) => transpose(x, [2, 0, 1])),
  ],
  slice: [
    of("one element", [7], (x) => slice(x, [3], [4])),
    of("everything", [3, 5], (x) => slice(x, [0, 0], [3, 5])),
    of("the middle", [5, 7], (x) => slice(x, [1, 2], [4, 6])),
    of("every second", [3, 7], (x) => slice(x, [0, 1], [3, 7], [1, 2])),
    of("every third, some left over", [8], (x) => slice(x, [1], [8], [3])),
    of("steps on several axes", [5, 2, 9], (x) => slice(x, [0, 1, 0], [5, 2, 8], [2, 1, 3])),
    of("steps beyond the end", [5, 4], (x) => slice(x, [2, 0], [3, 4], [7, 5])),
    ...ofEveryType([3, 7], (x) => sliceAxis(x, 1, 1, 6, 2)),
  ],
  reverse: [
    of("one axis", [7], (x) => reverse(x, [0])),
    of("the last axis", [2, 5], (x) => reverse(x, [1])),
    of("two axes of a kernel", [2, 3, 3, 5], (x) => reverse(x, [2, 3])),
    of("axes of extent 1", [1, 4, 1], (x) => reverse(x, [0, 1, 2])),
    ...ofEveryType([2, 5], (x) => reverse(x, [0, 1])),
  ],
  pad: [
    of("one side", [3], (x) => pad(x, [2], [0])),
    of("all sides differently", [2, 3], (x) => pad(x, [1, 0], [2, 3])),
    of("pictures", [2, 1, 3, 5], (x) => pad(x, [0, 0, 1, 2], [0, 0, 1, 0])),
    ...ofEveryType([2, 3], (x) => pad(x, [1, 0], [0, 2])),
  ],
  concat: [
    { name: "two", build: (inputs) => concat([inputs.floats([3]), inputs.floats([2])], 0) },
    {
      name: "three on the last axis",
      build: (inputs) => concat([inputs.floats([2, 1]), inputs.floats([2, 4]), inputs.floats([2, 2])], -1),
    },
    {
      name: "channels of pictures",
      build: (inputs) => concat([inputs.floats([2, 1, 3, 5]), inputs.floats([2, 3, 3, 5])], 1),
    },
    {
      name: "one node twice",
      build: (inputs) => {
        const x = inputs.floats([2, 3]);
        return concat([x, x], 0);
      },
    },
    ...ofEveryType([2, 3], (x) => concat([x, x], 1)),
  ],
  gather: [
    ...gathers,
    { name: "uint8", build: (inputs) => gather(inputs.bytes([5, 3]), inputs.integers([4], 0, 4)) },
    { name: "int32", build: (inputs) => gather(inputs.integers([5, 3], -9, 9), inputs.integers([4], 0, 4)) },
  ],
  scatterAdd: scatters,
  oneHot: [
    { name: "rank 0", build: (inputs) => oneHot(inputs.integers([], 0, 4), 5) },
    { name: "a batch", build: (inputs) => oneHot(inputs.integers([7], 0, 9), 10) },
    { name: "rank 2", build: (inputs) => oneHot(inputs.integers([3, 4], 0, 2), 3) },
    { name: "one class", build: (inputs) => oneHot(inputs.integers([3], 0, 0), 1) },
    { name: "indices outside give zeros", build: (inputs) => oneHot(inputs.integers([20], -2, 6), 5) },
  ],
};
