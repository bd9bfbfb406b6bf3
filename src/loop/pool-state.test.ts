import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ForelossError } from "../core/errors.ts";
import { createPoolState, ignore, label, relabel, restore } from "./index.ts";

const state = createPoolState<string>({
  pool: ["a", "b", "c"],
  labelled: [{ id: "d", label: "cat", cycle: 0 }],
  ignored: ["e"],
});

describe("pool state", () => {
  it("refuses an item that is in two places, and one that is named twice", () => {
    const labelled = [{ id: "a", label: 1, cycle: 0 }];
    assert.throws(() => createPoolState({ pool: ["a"], labelled }), /item "a" is both labelled and in the pool/);
    assert.throws(() => createPoolState({ pool: [], labelled, ignored: ["a"] }), /"a" is both labelled and ignored/);
    assert.throws(() => createPoolState({ pool: ["b", "b"] }), /item "b" is in the pool twice/);
  });

  it("moves labelled items out of the pool and notes their cycle", () => {
    const after = label(state, [{ id: "b", label: "dog" }], 3);
    assert.deepEqual([...after.pool], ["a", "c"]);
    assert.deepEqual(after.labelled.get("b"), { id: "b", label: "dog", cycle: 3 });
  });

  it("leaves the state before a change as it was", () => {
    label(state, [{ id: "a", label: "dog" }], 1);
    relabel(state, { id: "d", label: "dog" });
    ignore(state, "a");
    restore(state, "e");
    assert.deepEqual([...state.pool], ["a", "b", "c"]);
    assert.equal(state.labelled.get("d")!.label, "cat");
    assert.deepEqual([...state.ignored], ["e"]);
  });

  it("refuses to label what is not in the pool, and says where it is", () => {
    const one = (id: string) => () => label(state, [{ id, label: "x" }], 1);
    assert.throws(one("d"), /item "d" is labelled already; give an item of the pool/);
    assert.throws(one("e"), /item "e" is ignored/);
    assert.throws(one("zebra"), /item "zebra" is unknown/);
    const twice = [
      { id: "a", label: "x" },
      { id: "a", label: "y" },
    ];
    assert.throws(() => label(state, twice, 1), /item "a" is labelled already/);
  });

  it("changes a label without changing its cycle or its place", () => {
    const two = label(state, [{ id: "a", label: "cow" }], 2);
    const after = relabel(two, { id: "d", label: "dog" });
    assert.deepEqual(
      [...after.labelled.values()],
      [
        { id: "d", label: "dog", cycle: 0 },
        { id: "a", label: "cow", cycle: 2 },
      ],
    );
    assert.throws(() => relabel(state, { id: "a", label: "dog" }), /item "a" is in the pool; give a labelled item/);
  });

  it("ignores pool items and labelled ones, and restores them without their label", () => {
    const ignored = ignore(ignore(state, "d"), "a");
    assert.deepEqual([[...ignored.pool], [...ignored.labelled.keys()]], [["b", "c"], []]);
    assert.deepEqual([...ignored.ignored], ["e", "d", "a"]);
    const restored = restore(ignored, "d");
    assert.ok(restored.pool.has("d") && !restored.ignored.has("d") && restored.labelled.size === 0);
    assert.ok(restore(state, "d").pool.has("d"), "a labelled item goes back to the pool");
    assert.throws(() => ignore(state, "e"), ForelossError);
    assert.throws(() => restore(state, "a"), /item "a" is in the pool; give an ignored item or a labelled one/);
  });
});
