// The part of the contract about wrong use: each is an `EngineError` that names what does not fit and both sizes.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Backend, Feeds, Values } from "../backend.ts";
import { EngineError } from "../errors.ts";
import { add, cast, gather, input, mul, scatterAdd, state } from "../operations/index.ts";
import { program } from "../program.ts";
import { entries, numbersOf } from "./state.ts";

/** Fails unless `work` ends in an `EngineError` whose message has all of `parts`. */
async function refuses(work: () => Promise<unknown>, ...parts: readonly string[]): Promise<void> {
  await assert.rejects(work, (error: Error) => {
    assert.ok(error instanceof EngineError, `${error.name}: ${error.message}`);
    for (const part of parts) assert.ok(error.message.includes(part), `"${error.message}" says nothing of "${part}"`);
    return true;
  });
}

export function describeInputErrors(backend: Backend): void {
  const total = add(mul(input("x", [2, 3]), state("w", [3])), cast(input("k", [3], "int32"), "float32"));
  const scaled = program({ name: "scaled", outputs: { total }, updates: new Map([["w", mul(state("w", [3]), 2)]]) });
  const open = () => backend.openState(entries({ w: [1, 2, 3] }));
  const good: Feeds = { x: new Float32Array(6), k: new Int32Array(3) };

  describe("wrong use", () => {
    it("refuses an input that the program does not have, and names those it has", async () => {
      const executable = await backend.compile(scaled, await open());
      await refuses(() => executable.run({ ...good, y: new Float32Array(1) }), "scaled", '"y"', "x, k");
    });

    it("refuses a run without one of the inputs", async () => {
      const executable = await backend.compile(scaled, await open());
      await refuses(() => executable.run({ x: good.x! }), "scaled", '"k"', "int32[3]", "missing");
    });

    const wrongValues: readonly (readonly [string, Values, string])[] = [
      ["too few values", new Float32Array(5), "Float32Array of 5"],
      ["too many values", new Float32Array(7), "Float32Array of 7"],
      ["another type", new Int32Array(6), "Int32Array of 6"],
    ];
    for (const [what, values, got] of wrongValues) {
      it(`refuses ${what} for an input, and leaves the state as it was`, async () => {
        const held = await open();
        const executable = await backend.compile(scaled, held);
        await refuses(() => executable.run({ ...good, x: values }), '"x"', "float32[2,3]", got);
        assert.deepEqual(await numbersOf(held, "w"), [1, 2, 3]);
        await executable.run(good);
        assert.deepEqual(await numbersOf(held, "w"), [2, 4, 6]);
      });
    }

    it("refuses to compile over a state without an entry that the program reads", async () => {
      const held = await backend.openState(entries({ v: [1, 2, 3] }));
      await refuses(() => backend.compile(scaled, held), "scaled", '"w"', "[3]");
    });

    it("refuses to compile over a state without an entry that the program only updates", async () => {
      const update = program({ name: "update", outputs: {}, updates: new Map([["u", state("w", [3])]]) });
      const held = await open();
      await refuses(() => backend.compile(update, held), "update", '"u"');
    });

    it("refuses to compile over an entry of another shape", async () => {
      const held = await backend.openState(entries({ w: [1, 2] }));
      await refuses(() => backend.compile(scaled, held), "scaled", '"w"', "[2]", "[3]");
    });

    it("refuses to open a state whose values do not fill their shape", async () => {
      const torn = new Map([["w", { shape: [2, 3], values: new Float32Array(5) }]]);
      await refuses(() => backend.openState(torn), '"w"', "5", "[2,3]");
    });

    it("refuses to read or write an entry that is not there, and to write another number of values", async () => {
      const held = await open();
      await refuses(() => held.read("v"), '"v"');
      await refuses(() => held.write("v", new Float32Array(3)), '"v"');
      await refuses(() => held.write("w", new Float32Array(4)), '"w"', "4", "[3]");
      assert.deepEqual(await numbersOf(held, "w"), [1, 2, 3]);
    });

    it("refuses to run a closed program, which may be closed again", async () => {
      const executable = await backend.compile(scaled, await open());
      await executable.run(good);
      await executable.close();
      await executable.close();
      await refuses(() => executable.run(good), "scaled", "close");
    });

    it("refuses to read a closed state, and to run over it", async () => {
      const held = await open();
      const executable = await backend.compile(scaled, held);
      await held.close();
      await refuses(() => held.read("w"), '"w"', "closed");
      await refuses(() => executable.run(good), '"w"', "closed");
    });

    it("refuses indices beyond the axis", async () => {
      const [x, at] = [input("x", [3, 2]), input("at", [2], "int32")];
      const values = input("values", [2, 2]);
      const held = await backend.openState(new Map());
      const picked = await backend.compile(program({ name: "gather", outputs: { y: gather(x, at) } }), held);
      const scattered = await backend.compile(
        program({ name: "scatter", outputs: { y: scatterAdd(values, at, 0, 3) } }),
        held,
      );
      const [six, four, beyond] = [new Float32Array(6), new Float32Array(4), Int32Array.of(1, 3)];
      await refuses(() => picked.run({ x: six, at: beyond }), "3");
      await refuses(() => scattered.run({ values: four, at: beyond }), "3");
    });
  });
}
