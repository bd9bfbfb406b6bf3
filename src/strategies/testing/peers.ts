// What scikit-activeml, scikit-learn, PyTorch and NumPy make of one pool (scripts/make-strategies-fixture.py).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Pool } from "../strategy.ts";
import { matrixOf, membersOf } from "./made-pool.ts";

type Rows = readonly (readonly number[])[];

type ScoreName =
  | "entropy"
  | "margin"
  | "leastConfidence"
  | "bald"
  | "variationRatios"
  | "meanStd"
  | "expectedGradientLength"
  | "gradNorm"
  | "badgeLength";
type PickName = "coreSet" | "maxHerding" | "maxHerdingCold" | "facilityLocation" | "uherding" | "bait";

interface Peers {
  readonly pool: Points & {
    readonly probabilities: Rows;
    readonly labelledProbabilities: Rows;
    readonly labelledClasses: readonly number[];
    readonly memberProbabilities: readonly Rows[];
    readonly calibrationError: number;
    readonly badgeFirst: number;
    readonly badgeSecondChances: readonly number[];
  } & { readonly [S in ScoreName]: readonly number[] } & { readonly [S in PickName]: readonly number[] };
  readonly probCover: { readonly radius: number; readonly picks: readonly number[] } & Points;
  readonly blobs: { readonly typiclust: readonly number[]; readonly kMeans: readonly number[] } & Points;
}

interface Points {
  readonly embedding: Rows;
  readonly labelledEmbedding: Rows;
}

const path = join(import.meta.dirname, "../../../test/fixtures/strategies.json");

/** The figures, by the names under which the script wrote them. */
export const peers = JSON.parse(readFileSync(path, "utf8")) as Peers;

/** The pool they were made from, with its labelled items. */
export function peerPool(): Pool {
  const { pool } = peers;
  return {
    ...poolOfPoints(pool),
    signals: {
      embedding: matrixOf(pool.embedding),
      probabilities: matrixOf(pool.probabilities),
      memberProbabilities: membersOf(pool.memberProbabilities),
    },
    labelled: {
      ids: pool.labelledEmbedding.map((_, i) => `l${i}`),
      signals: { embedding: matrixOf(pool.labelledEmbedding), probabilities: matrixOf(pool.labelledProbabilities) },
    },
  };
}

/** A pool of embeddings and nothing else. */
export function poolOfPoints({ embedding, labelledEmbedding }: Points): Pool {
  return {
    ids: embedding.map((_, i) => `p${i}`),
    signals: { embedding: matrixOf(embedding) },
    labelled: {
      ids: labelledEmbedding.map((_, i) => `l${i}`),
      signals: { embedding: matrixOf(labelledEmbedding) },
    },
  };
}
