import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ForelossError } from "../../core/errors.ts";
import { createRandom } from "../../core/random.ts";
import { dropQuery, margin, type Pool, scoreByDisagreement, tcm, typiClust } from "../index.ts";
import { makePool, matrixOf, membersOf } from "../testing/made-pool.ts";
import { near } from "../testing/near.ts";

describe("TCM", () => {
  it("is TypiClust while there are fewer labels than stated, and margin from then on", async () => {
    const before = makePool(30, 4);
    const after = makePool(30, 5);
    assert.deepEqual(
      await tcm(5).select(before, 6, createRandom(1)),
      await typiClust.select(before, 6, createRandom(1)),
    );
    assert.deepEqual(await tcm(5).select(after, 6, createRandom(1)), await margin.select(after, 6, createRandom(1)));
  });

  it("switches at 100 labels where no number is stated", async () => {
    assert.equal(tcm().name, "tcm");
    const pool = makePool(30, 100);
    assert.deepEqual(await tcm().select(pool, 6, createRandom(1)), await margin.select(pool, 6, createRandom(1)));
    assert.throws(() => tcm(1.5), ForelossError);
  });
});

describe("DropQuery", () => {
  // Twelve items in three places; in each, two change their class in two passes of three, and two never or once.
  const places = [0, 10, 25];
  const embedding = places.flatMap((place) => [[place], [place + 0.1], [place + 0.2], [place + 0.4]]);
  const [yes, no] = [
    [0.9, 0.1],
    [0.2, 0.8],
  ];
  const passes = [
    [yes, no, no, yes],
    [yes, no, yes, yes],
    [no, yes, no, yes],
  ].map((four) => places.flatMap(() => four));
  const pool: Pool = {
    ids: embedding.map((_, i) => `i${i}`),
    signals: {
      embedding: matrixOf(embedding),
      probabilities: matrixOf(embedding.map(() => yes)),
      memberProbabilities: membersOf(passes),
    },
    labelled: { ids: [], signals: {} },
  };

  it("scores by the share of passes that contradict the prediction without dropout", () => {
    near(scoreByDisagreement(pool).subarray(0, 4), [1 / 3, 2 / 3, 2 / 3, 0]);
  });

  it("takes one item of every place, each of those that change in more than half of the passes", async () => {
    for (let stream = 0; stream < 10; stream++) {
      const picks = await dropQuery.select(pool, 3, createRandom(stream));
      assert.deepEqual(Array.from(picks, (pick) => Math.floor(pick / 4)).sort(), [0, 1, 2]);
      assert.ok(picks.every((pick) => pick % 4 === 1 || pick % 4 === 2));
    }
  });

  it("takes in those that change most often when too few change in more than half", async () => {
    const picks = await dropQuery.select(pool, 8, createRandom(0));
    const kinds = Array.from(picks, (pick) => pick % 4).sort();
    assert.deepEqual(kinds, [0, 0, 1, 1, 1, 2, 2, 2]);
  });
});
