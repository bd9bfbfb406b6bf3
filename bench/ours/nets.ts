// The nets of the benchmark by the names that stand in its inputs files: the model as a recipe has it, the data it is made
// for, and made-up labels. `peers/nets.py` has the same nets by the same names.
import type { ObjectLabel, PoseLabel } from "../../src/core/labels.ts";
import type { Random } from "../../src/core/random.ts";
import { skeletonOf } from "../../src/core/skeleton.ts";
import type { ImageSize } from "../../src/datasets/dataset.ts";
import { modelSchema } from "../../src/records/recipe-model.ts";
import type { Task } from "../../src/tasks/task.ts";
import { type DataFacts, taskFor } from "../../src/tasks/task-for.ts";

/** `mean` and `deviation` are those of peers/net.py. */
export const normalisation = { mean: [0.4914, 0.4822, 0.4465], deviation: [0.2023, 0.1994, 0.201] };

export interface BenchNet {
  readonly task: Task<unknown>;
  readonly imageSize: ImageSize;
  /** So small that three steps go down evenly: rounding must not grow from step to step. */
  readonly learningRate: number;
  /** A label for a made-up picture. */
  readonly label: (random: Random) => unknown;
}

const names = (count: number) => Array.from({ length: count }, (_, i) => `class ${i}`);
const skeleton = skeletonOf(
  Array.from({ length: 16 }, (_, i) => `joint ${i}`),
  [],
  "bench",
);

type Made = Pick<BenchNet, "label" | "learningRate"> & Pick<DataFacts, "classNames" | "skeleton">;

function net(model: object, sidePx: number, { label, learningRate, ...data }: Made): BenchNet {
  const imageSize = { channels: 3, height: sidePx, width: sidePx } as const;
  const task = taskFor(modelSchema.parse(model), { imageSize, normalisation, ...data });
  return { task, imageSize, label, learningRate };
}

const resnet = (width: number) =>
  net({ width }, 32, { label: (random) => random.integer(10), learningRate: 0.01, classNames: names(10) });

const detector = (model: object, sidePx: number, classes: number) =>
  net(model, sidePx, {
    label: (random) => boxes(random, sidePx, classes),
    learningRate: 0.001,
    classNames: names(classes),
  });

const hourglass = (model: object, sidePx: number) =>
  net({ kind: "hourglass", ...model }, sidePx, {
    label: (random) => person(random, sidePx),
    learningRate: 2e-5,
    classNames: ["person"],
    skeleton,
  });

const makers: Readonly<Record<string, () => BenchNet>> = {
  ssd300: () => detector({ kind: "ssd300-vgg16" }, 300, 20),
  "ssd-small": () => detector({ kind: "ssd-resnet18", width: 16 }, 128, 6),
  hourglass: () => hourglass({ width: 256, stacks: 2, depth: 4 }, 256),
  "hourglass-small": () => hourglass({ width: 64, stacks: 2, depth: 4 }, 128),
};

/** `resnet18-64` is the ResNet of width 64; the others go by their names. */
export function benchNet(name: string): BenchNet {
  const width = /^resnet18-([1-9]\d*)$/.exec(name)?.[1];
  if (width !== undefined) return resnet(Number(width));
  const make = makers[name];
  if (make === undefined)
    throw new Error(`no net "${name}"; there are resnet18-WIDTH, ${Object.keys(makers).join(", ")}`);
  return make();
}

/** One to four objects. */
function boxes(random: Random, sidePx: number, classes: number) {
  const object = (): ObjectLabel => {
    const [width, height] = [0, 0].map(() => sidePx * (0.1 + 0.6 * random.next())) as [number, number];
    const left = (sidePx - width) * random.next();
    const top = (sidePx - height) * random.next();
    return { classIndex: random.integer(classes), left, top, right: left + width, bottom: top + height };
  };
  return {
    size: { width: sidePx, height: sidePx },
    objects: Array.from({ length: 1 + random.integer(4) }, object),
  };
}

/** One joint in ten has no label. */
function person(random: Random, sidePx: number): PoseLabel {
  const joints = skeleton.jointNames.map(() => ({
    x: sidePx * random.next(),
    y: sidePx * random.next(),
    visibility: random.next() < 0.1 ? (0 as const) : (2 as const),
  }));
  const box = { left: 0, top: 0, right: sidePx, bottom: sidePx };
  return { size: { width: sidePx, height: sidePx }, joints, box, headPx: null };
}
