// The members of an ensemble (Lakshminarayanan, Pritzel and Blundell 2017): models alike but for their start weights and the
// order and the changes of what they are trained on. One of them is in the engine at a time; of the others only weights are
// kept. The first is what a single model would be, and every learner has at least that one.
import { createRandom, type Random } from "../core/random.ts";
import { loadEntries, type StateEntries } from "./checkpoint-file.ts";
import type { LearnerSpec } from "./learner-spec.ts";
import type { Net } from "./net.ts";
import { loadStartWeights } from "./start-weights.ts";

/** The root stream of a member: that of the seed for the first. */
export function memberRandom(seed: number, member: number): Random {
  return member === 0 ? createRandom(seed) : createRandom(seed, "member", member);
}

export class Members {
  readonly count: number;
  readonly #net: Net<unknown>;
  readonly #spec: Pick<LearnerSpec, "seed" | "model" | "training">;
  /** Trained weights by member; empty where one alone stays in the net. */
  readonly #kept = new Map<number, StateEntries>();
  /** The member that the net holds; null before its start weights were read. */
  #present: number | null = null;
  /** Whether there are weights that a warm start can go on from. */
  #trained = false;

  constructor(net: Net<unknown>, spec: Pick<LearnerSpec, "seed" | "model" | "training">) {
    this.#net = net;
    this.#spec = spec;
    this.count = spec.training.members ?? 1;
  }

  /** Puts the weights into the net that this cycle's training of a member starts from. */
  async begin(member: number): Promise<void> {
    if (this.#spec.training.start === "cold" || !this.#trained) return await this.#start(member);
    await this.enter(member);
    await this.#net.restartOptimiser();
  }

  /** Puts a member into the net: as it was trained, or as it starts out where it was not trained yet. */
  async enter(member: number): Promise<void> {
    if (this.#present === member) return;
    const kept = this.#kept.get(member);
    if (kept === undefined) await this.#start(member);
    else await this.load(member, kept, `member ${member}`);
  }

  /** Keeps what the net holds as the trained weights of the member in it. */
  async keep(): Promise<void> {
    if (this.count > 1) this.#kept.set(this.#present!, await this.#net.weights());
  }

  /** Says that every member was trained or loaded. */
  allTrained(): void {
    this.#trained = true;
  }

  /** Puts weights into the net and keeps them for the member. `where` opens the message when they do not fit. */
  async load(member: number, weights: StateEntries, where: string): Promise<void> {
    await loadEntries(this.#net.state, weights, where);
    await this.#net.forgetInference();
    this.#present = member;
    if (this.count > 1) this.#kept.set(member, weights);
  }

  /** The weights of a member, to be written down. */
  async weightsOf(member: number): Promise<StateEntries> {
    return this.#kept.get(member) ?? (await this.#net.weights());
  }

  async #start(member: number): Promise<void> {
    const { seed, model } = this.#spec;
    this.#present = member;
    await this.#net.reset(memberRandom(seed, member).stream("init"));
    if (model.weights !== null) await loadStartWeights(this.#net, model.kind, model.weights);
  }
}
