import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../core/random.ts";
import type { Pool, Strategy } from "../strategy.ts";
import { growBatch, type OpenChoice } from "./grow-batch.ts";
import { selectWholeGroups } from "./whole-groups.ts";

/** Picks in the given order, and keeps how many were asked for. */
function inOrder(order: readonly number[]): { choice: OpenChoice; asked: number[] } {
  const asked: number[] = [];
  const strategy: Strategy = {
    name: "in-order",
    needs: [],
    select: async (_, count) => {
      asked.push(count);
      return Uint32Array.from(order.slice(0, count));
    },
  };
  const pool: Pool = { ids: order.map(String), signals: {}, labelled: { ids: [], signals: {} } };
  return { choice: { strategy, pool, random: () => createRandom(0) }, asked };
}

const groups = ["a", "b", "a", "c", "b", "a", "d"];
const order = [5, 0, 1, 3, 6, 2, 4];

test("whole groups come in the order of their best item, and their items by rank, those not picked last", async () => {
  const { choice, asked } = inOrder(order);
  const picks = await selectWholeGroups(choice, groups, { count: 2, of: "groups" });
  assert.deepEqual([...picks], [5, 0, 2, 1, 4]);
  assert.deepEqual(asked, [2, 4], "a larger batch is asked for only while groups are missing");
});

test("a number of items ends with the group that fills it", async () => {
  const items = async (count: number) => {
    const { choice, asked } = inOrder(order);
    const picks = await selectWholeGroups(choice, groups, { count, of: "items" });
    assert.deepEqual(asked, [count]);
    return [...picks];
  };
  assert.deepEqual(await items(1), [5, 0, 2]);
  assert.deepEqual(await items(3), [5, 0, 2]);
  assert.deepEqual(await items(4), [5, 0, 2, 1, 4]);
  assert.deepEqual(await items(6), [5, 0, 2, 1, 4, 3]);
  assert.deepEqual(await items(7), [5, 0, 2, 1, 4, 3, 6]);
});

test("more groups than there are give all items", async () => {
  const { choice } = inOrder(order);
  assert.equal((await selectWholeGroups(choice, groups, { count: 9, of: "groups" })).length, groups.length);
});

test("a batch doubles until something is taken of it, at the latest of the whole pool", async () => {
  const { choice, asked } = inOrder(order);
  assert.equal(await growBatch(choice, 1, (picks) => (picks.length > 3 ? picks.length : undefined)), 4);
  assert.equal(await growBatch(choice, 3, (_, isAll) => (isAll ? "all" : undefined)), "all");
  assert.deepEqual(asked, [1, 2, 4, 3, 6, 7]);
});
