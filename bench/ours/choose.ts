// Our contender for choosing from arrays: read as `foreloss select` reads them, then the strategy by the clock.
import { join } from "node:path";
import { createRandom } from "../../src/core/random.ts";
import type { Matrix } from "../../src/core/signals.ts";
import { nativeSupport } from "../../src/engine/backends/native/index.ts";
import { matrixProducts } from "../../src/native/matrix-products.ts";
import { openNumbers } from "../../src/records/arrays/array-file.ts";
import { readArray } from "../../src/records/arrays/read-array.ts";
import { badge, coreSet, type Pool, squaredGradientLengths } from "../../src/strategies/index.ts";
import { kMeans } from "../../src/strategies/kernels/k-means.ts";
import { startPace } from "../../src/strategies/kernels/pace.ts";
import { readPool } from "../../src/strategies/signals/read.ts";
import { readOptions } from "./options.ts";
import { printReport, timeCalls } from "./report.ts";

const { inputs, strategy, count, seconds } = readOptions(["inputs", "strategy"], ["count", "seconds", "threads"]);

/** Picks of a core-set that are compared, as in `choose.py`. */
const checkedPicks = 200;

/** FAISS makes as many rounds unless told otherwise. */
const rounds = 25;

async function read(name: string): Promise<Matrix> {
  return await readArray(await openNumbers({ path: join(inputs, `${name}.npy`), part: null }), { check: () => {} });
}

const idsOf = ({ rows }: Matrix, prefix: string) => Array.from({ length: rows }, (_, row) => `${prefix}${row}`);

async function openPool(): Promise<Pool> {
  const embedding = await read("pool");
  const labelled = await read("labelled");
  return {
    ids: idsOf(embedding, "p"),
    signals: { embedding, ...(strategy === "badge" ? { probabilities: await read("probabilities") } : {}) },
    labelled: { ids: idsOf(labelled, "l"), signals: { embedding: labelled } },
  };
}

/** What must agree, and the work. */
const works: Record<string, (pool: Pool) => Promise<{ result: number[]; call: () => Promise<unknown> }>> = {
  "core-set": async (pool) => {
    const call = () => coreSet.select(pool, count, createRandom(0));
    return { result: [...(await call()).subarray(0, checkedPicks)], call };
  },
  badge: async (pool) => {
    const lengths = squaredGradientLengths(readPool(pool, "gradientFactors"));
    const call = () => badge.select(pool, count, createRandom(0));
    return { result: [...lengths.subarray(0, 100)], call };
  },
  "k-means": async (pool) => {
    const points = pool.signals.embedding!;
    const call = () => kMeans(points, count, createRandom(0), startPace("bench"), { mostRounds: rounds });
    const { distances } = await call();
    return { result: [distances.reduce((sum, distance) => sum + distance, 0) / points.rows], call };
  },
};

const { result, call } = await works[strategy]!(await openPool());
const support = nativeSupport();
const products = support.available ? undefined : await matrixProducts();
const engine = support.available
  ? `compiled loops, ${support.version}`
  : `portable loops, products by ${products?.version ?? "nothing"}`;
printReport({ result: { result }, seconds: await timeCalls(call, seconds, 1), engine });
