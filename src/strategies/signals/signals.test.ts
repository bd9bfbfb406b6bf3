import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ForelossError } from "../../core/errors.ts";
import type { PoolSignal, Signals } from "../../core/signals.ts";
import type { Pool } from "../index.ts";
import { makePool, matrixOf } from "../testing/made-pool.ts";
import { near } from "../testing/near.ts";
import { afterTaking, partOf, positionsWithout } from "./part.ts";
import { read, readEmbeddings, signalsFor } from "./read.ts";

const ids = ["a", "b", "c"];
const rejected = (signals: Signals, signal: PoolSignal, message: RegExp) =>
  assert.throws(
    () => read(signals, signal, ids),
    (error) => error instanceof ForelossError && message.test(error.message),
  );

describe("signals from outside", () => {
  it("are refused with item, row and value when they are no probabilities", () => {
    const probabilities = (last: number[]) => ({ probabilities: matrixOf([[1, 0], [0.5, 0.5], last]) });
    rejected(
      probabilities([0.5, 0.4]),
      "probabilities",
      /^select: probabilities of item "c" add up to 0\.9\d* \(row 2, from 0\); they must/,
    );
    rejected(probabilities([1.5, -0.5]), "probabilities", /item "c" hold -0\.5 \(row 2/);
    rejected(probabilities([0.5, Number.NaN]), "probabilities", /item "c" is NaN \(row 2/);
    assert.equal(read(probabilities([0.5, 0.5004]), "probabilities", ids).rows, 3);
  });

  it("are refused when rows and items do not match, or values and rows", () => {
    rejected({ embedding: matrixOf([[1], [2]]) }, "embedding", /embedding has 2 entries; 3 are needed/);
    const short = { rows: 3, columns: 2, values: Float32Array.of(1, 2, 3) };
    rejected({ embedding: short }, "embedding", /embedding values has 3 entries; 6 are needed/);
    rejected({ group: Uint32Array.of(1) }, "group", /group has 1 entries; 3/);
    const gradientFactors = { left: matrixOf([[1], [2], [3]]), right: matrixOf([[1]]) };
    rejected({ gradientFactors }, "gradientFactors", /gradientFactors has 1 entries; 3/);
    const memberProbabilities = { ...matrixOf([[1], [1], [1]]), members: 2 };
    rejected({ memberProbabilities }, "memberProbabilities", /values has 3 entries; 6/);
    rejected({ memberProbabilities: { ...memberProbabilities, members: 0 } }, "memberProbabilities", /0 members/);
  });

  it("are refused when a cost is not above 0", () => {
    rejected(
      { cost: Float32Array.of(1, 0, 2) },
      "cost",
      /cost of item "b" is 0 \(row 1, from 0\); give a number above 0/,
    );
  });

  it("are named with what would do instead when they are missing", () => {
    rejected(
      {},
      "gradientFactors",
      /"gradientFactors" is missing; give gradientFactors \(or probabilities and embedding\)/,
    );
    rejected({}, "predictedLoss", /give predictedLoss for every item/);
  });
});

describe("derived signals", () => {
  const probabilities = matrixOf([
    [0.2, 0.7, 0.1],
    [0.4, 0.4, 0.2],
    [0, 0, 1],
  ]);

  it("are the likeliest class, the first of equal ones", () => {
    assert.deepEqual([...read({ probabilities }, "predictedClass", ids)], [1, 0, 2]);
  });

  it("are the factors of the last layer's gradient, and leave the probabilities as they are", () => {
    const embedding = matrixOf([[1], [2], [3]]);
    const before = structuredClone(probabilities);
    const { left, right } = read({ probabilities, embedding }, "gradientFactors", ids);
    near(left.values, [0.2, -0.3, 0.1, -0.6, 0.4, 0.2, 0, 0, 0]);
    assert.equal(right, embedding);
    assert.deepEqual(probabilities, before);
  });

  it("need all of what they are derived from, over as many steps as it takes", () => {
    const among =
      (...there: PoolSignal[]) =>
      (signal: PoolSignal) =>
        there.includes(signal);
    assert.deepEqual(signalsFor(["entropy"], among("entropy", "probabilities")), ["entropy"]);
    assert.deepEqual(signalsFor(["entropy", "margin"], among("memberProbabilities")), ["memberProbabilities"]);
    assert.deepEqual(signalsFor(["gradientFactors"], among("embedding", "memberProbabilities")), [
      "memberProbabilities",
      "embedding",
    ]);
    assert.equal(signalsFor(["gradientFactors"], among("embedding")), null);
    assert.equal(signalsFor(["predictedLoss"], among("entropy")), null);
  });
});

describe("parts of a pool", () => {
  const everything = Object.keys(makePool(1).signals) as PoolSignal[];

  it("hold the items asked for in their order, with every signal", () => {
    const pool = makePool(9);
    const part = partOf(pool, Uint32Array.of(7, 2), everything);
    const single = (position: number) => partOf(pool, Uint32Array.of(position), everything);
    assert.deepEqual(part.ids, [pool.ids[7], pool.ids[2]]);
    assert.deepEqual(partOf(part, Uint32Array.of(1), everything), single(2));
    const { entropy, memberProbabilities } = pool.signals;
    assert.deepEqual([...part.signals.entropy!], [entropy![7], entropy![2]]);
    const at = (member: number, row: number) => (member * 9 + row) * 4;
    assert.deepEqual(
      part.signals.memberProbabilities!.values.subarray(2 * 2 * 4),
      Float32Array.of(
        ...memberProbabilities!.values.subarray(at(2, 7), at(2, 7) + 4),
        ...memberProbabilities!.values.subarray(at(2, 2), at(2, 2) + 4),
      ),
    );
  });

  it("hold what a missing signal is derived from", () => {
    const { embedding, probabilities } = makePool(5).signals;
    const pool: Pool = { ...makePool(5), signals: { embedding: embedding!, probabilities: probabilities! } };
    assert.deepEqual(Object.keys(partOf(pool, Uint32Array.of(1), ["gradientFactors"]).signals), [
      "probabilities",
      "embedding",
    ]);
    assert.throws(() => partOf(pool, Uint32Array.of(1), ["cost"]), /"cost" is missing/);
  });

  it("count what was taken as labelled", () => {
    const pool = makePool(6, 2);
    const rest = positionsWithout(pool, [4]);
    assert.deepEqual([...rest], [0, 1, 2, 3, 5]);
    const after = afterTaking(pool, Uint32Array.of(4), rest, ["embedding", "margin"]);
    assert.deepEqual(after.labelled.ids, [...pool.labelled.ids, pool.ids[4]]);
    const both = readEmbeddings(after, "test");
    assert.equal(both.own.rows, 5);
    assert.deepEqual(both.labelled.values.subarray(10), pool.signals.embedding!.values.subarray(20, 25));
    assert.equal(after.labelled.signals.margin, undefined);
  });
});
