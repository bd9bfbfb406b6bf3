// The batches of a training: which items in which order, their pictures augmented, the last of an epoch padded. Every batch
// follows from (seed, cycle, step) alone, so a training can be taken up at any step.
import { permutation, type Random } from "../core/random.ts";
import { type Augmentation, augment } from "../datasets/augment.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { stepsPerEpoch } from "./length.ts";

export interface Batch {
  /** uint8 [batch, channels, height, width]. */
  readonly pictures: Uint8Array;
  /** Positions in the labelled items; padding repeats items from the front. */
  readonly members: Uint32Array;
  /** 1 for items, 0 for padding. */
  readonly weights: Float32Array;
}

export interface BatchPlan {
  readonly dataset: Dataset;
  /** Positions of the labelled items in the training split. */
  readonly positions: Uint32Array;
  readonly batch: number;
  readonly augmentation: Augmentation;
  /** Streams `order` and `augment` are taken from it. */
  readonly random: Random;
}

/** The batch of one step. */
export async function batchAt(plan: BatchPlan, step: number): Promise<Batch> {
  const { dataset, positions, batch, augmentation, random } = plan;
  const perEpoch = stepsPerEpoch(positions.length, batch);
  const order = epochOrder(plan, Math.floor(step / perEpoch));
  const start = (step % perEpoch) * batch;
  const members = Uint32Array.from({ length: batch }, (_, i) => order[(start + i) % order.length]!);
  const weights = Float32Array.from({ length: batch }, (_, i) => (start + i < order.length ? 1 : 0));
  const { channels, height, width } = dataset.imageSize;
  const plain = new Uint8Array(batch * channels * height * width);
  await dataset.train.read(
    members.map((member) => positions[member]!),
    plain,
  );
  const pictures = new Uint8Array(plain.length);
  augment(plain, pictures, dataset.imageSize, augmentation, random.stream("augment", step));
  return { pictures, members, weights };
}

/** Order of the items in an epoch; the last one asked for is kept, since many steps ask for it. */
function epochOrder(plan: BatchPlan, epoch: number): Uint32Array {
  const known = orders.get(plan);
  if (known?.epoch === epoch) return known.order;
  const order = permutation(plan.positions.length, plan.random.stream("order", epoch));
  orders.set(plan, { epoch, order });
  return order;
}
const orders = new WeakMap<BatchPlan, { epoch: number; order: Uint32Array }>();
