// Inference by the members of a learner: one of them, or each in turn; with dropout also in passes.
import { createRandom } from "../core/random.ts";
import type { MemberMatrix } from "../core/signals.ts";
import type { Dataset, Split } from "../datasets/dataset.ts";
import { drawMasks, featureOutputs } from "../nn/dropout.ts";
import type { Task } from "../tasks/task.ts";
import { type Inference, type InferredPart, inferInParts } from "./evaluation.ts";
import type { LearnerSpec } from "./learner-spec.ts";
import type { Members } from "./members.ts";
import type { Net } from "./net.ts";
import { compareMembers } from "./signals.ts";

/** Items of a split, and how they are inferred: by the first member, unless it is said. */
export interface ToInfer {
  readonly split: Split<unknown>;
  readonly positions: Uint32Array;
  readonly signal: AbortSignal | undefined;
  readonly member?: number;
  /** Besides, in passes with masks that follow from the seed and this cycle, so that a choice made again is the same. */
  readonly passesOfCycle?: number | undefined;
  /** Takes the number of items of every part that is over. */
  readonly onItems?: ((count: number) => void) | undefined;
}

export interface MemberInferenceParts {
  readonly spec: Pick<LearnerSpec, "seed" | "model">;
  readonly dataset: Pick<Dataset<unknown>, "imageSize">;
  readonly task: Task<unknown>;
  readonly net: Net<unknown>;
  readonly members: Members;
}

export class MemberInference {
  readonly #parts: MemberInferenceParts;

  constructor(parts: MemberInferenceParts) {
    this.#parts = parts;
  }

  async *infer(wanted: ToInfer): AsyncGenerator<InferredPart> {
    const { split, positions, signal, member = 0, passesOfCycle, onItems } = wanted;
    const { dataset, task, net, members } = this.#parts;
    await members.enter(member);
    const how = passesOfCycle === undefined ? { executable: await net.inference() } : await this.#passes(passesOfCycle);
    const inference = { ...how, batch: net.inferBatch, imageSize: dataset.imageSize, task };
    for await (const part of inferInParts(inference, split, positions, signal)) {
      yield part;
      onItems?.(part.count);
    }
  }

  /** Probabilities by each member in turn. */
  async compare(wanted: ToInfer): Promise<MemberMatrix> {
    const { members, task } = this.#parts;
    const each = Array.from({ length: members.count }, (_, member) => this.infer({ ...wanted, member }));
    return await compareMembers(each, task);
  }

  /** Without dropout there are no passes. */
  async #passes(cycle: number): Promise<Pick<Inference, "executable" | "passes">> {
    const { spec, net } = this.#parts;
    const { dropout } = spec.model;
    if (dropout === undefined) return { executable: await net.inference() };
    const { before, behind } = await net.passes();
    const random = createRandom(spec.seed, "cycle", cycle, "passes");
    const masks = Array.from({ length: dropout.passes }, (_, pass) => drawMasks(net.dropouts, 1, random.stream(pass)));
    return { executable: before, passes: { behind, masks, features: Object.keys(featureOutputs(net.dropouts)) } };
  }
}
