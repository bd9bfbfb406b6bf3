// The part of the contract about state: who sees which value when.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Backend, CompileOptions, Executable, State, StateEntry } from "../backend.ts";
import type { Node, Shape } from "../graph.ts";
import { add, input, mul, state, sum } from "../operations/index.ts";
import { program } from "../program.ts";

/** State entries from plain numbers, each of rank 1. */
export function entries(values: Readonly<Record<string, readonly number[]>>): Map<string, StateEntry> {
  return new Map(Object.entries(values).map(([name, list]) => [name, entry(list)]));
}

function entry(values: readonly number[], shape: Shape = [values.length]): StateEntry {
  return { shape, values: Float32Array.from(values) };
}

export async function numbersOf(held: State, name: string): Promise<number[]> {
  return [...(await held.read(name)).values];
}

async function compileUpdates(
  backend: Backend,
  held: State,
  updates: Readonly<Record<string, Node>>,
  outputs: Readonly<Record<string, Node>> = {},
): Promise<Executable> {
  return backend.compile(program({ name: "updates", outputs, updates: new Map(Object.entries(updates)) }), held);
}

export function describeState(backend: Backend): void {
  const [a, b] = [state("a", [2]), state("b", [2])];
  const doubled = program({ name: "doubled", outputs: { doubled: mul(a, 2) } });
  const open = () => backend.openState(entries({ a: [1, 2], b: [30, 40] }));
  const compileDoubled = (held: State, options?: CompileOptions) => backend.compile(doubled, held, options);
  const valuesOf = async (executable: Executable, name: string) => [...(await executable.run({}))[name]!.values];

  describe("state", () => {
    it("names its entries and gives back the values and shapes it was opened with", async () => {
      const held = await backend.openState(
        new Map([
          ["w", entry([1, 2, 3, 4, 5, 6], [3, 2])],
          ["s", entry([7], [])],
        ]),
      );
      assert.deepEqual([...held.names], ["w", "s"]);
      assert.deepEqual(await held.read("w"), entry([1, 2, 3, 4, 5, 6], [3, 2]));
      assert.deepEqual(await held.read("s"), entry([7], []));
    });

    it("is not changed through arrays that went in or came out", async () => {
      const initial = entries({ a: [1, 2], b: [30, 40] });
      const held = await backend.openState(initial);
      const written = Float32Array.of(5, 6);
      await held.write("b", written);
      initial.get("a")!.values.fill(0);
      (await held.read("a")).values.fill(0);
      written.fill(0);
      assert.deepEqual(
        [await numbersOf(held, "a"), await numbersOf(held, "b")],
        [
          [1, 2],
          [5, 6],
        ],
      );
    });

    it("takes what is written, before, between and after runs", async () => {
      const held = await open();
      const next = await compileUpdates(backend, held, { a: add(a, 1) }, { a });
      await held.write("a", Float32Array.of(10, 20));
      assert.deepEqual(await valuesOf(next, "a"), [10, 20]);
      assert.deepEqual(await valuesOf(next, "a"), [11, 21]);
      await held.write("a", Float32Array.of(-1, -2));
      assert.deepEqual(await valuesOf(next, "a"), [-1, -2]);
      assert.deepEqual(await numbersOf(held, "a"), [0, -1]);
    });

    it("is updated from the old values of all entries at once", async () => {
      const held = await open();
      const swap = await compileUpdates(backend, held, { a: b, b: a });
      await swap.run({});
      assert.deepEqual(
        [await numbersOf(held, "a"), await numbersOf(held, "b")],
        [
          [30, 40],
          [1, 2],
        ],
      );
      const fibonacci = await compileUpdates(backend, held, { a: add(a, b), b: a });
      await fibonacci.run({});
      await fibonacci.run({});
      assert.deepEqual(
        [await numbersOf(held, "a"), await numbersOf(held, "b")],
        [
          [61, 82],
          [31, 42],
        ],
      );
    });

    it("is seen by outputs as it was before the run's updates", async () => {
      const held = await open();
      const next = await compileUpdates(
        backend,
        held,
        { a: mul(a, 3) },
        { old: a, next: mul(a, 3), total: sum(add(a, b)) },
      );
      const results = await next.run({});
      assert.deepEqual(
        Object.entries(results).map(([name, { values }]) => [name, ...values]),
        [
          ["old", 1, 2],
          ["next", 3, 6],
          ["total", 73],
        ],
      );
    });

    it("takes one value for several entries, and values that depend on no state", async () => {
      const held = await open();
      const fed = input("fed", [2]);
      const set = await compileUpdates(backend, held, { a: fed, b: fed });
      await set.run({ fed: Float32Array.of(8, 9) });
      assert.deepEqual(
        [await numbersOf(held, "a"), await numbersOf(held, "b")],
        [
          [8, 9],
          [8, 9],
        ],
      );
    });

    it("is shared by the programs compiled over it, and by no others", async () => {
      const [held, other] = [await open(), await open()];
      const write = await compileUpdates(backend, held, { a: add(a, b) });
      const [reader, stranger] = [await compileDoubled(held), await compileDoubled(other)];
      await write.run({});
      await write.run({});
      assert.deepEqual(await valuesOf(reader, "doubled"), [122, 164]);
      assert.deepEqual(await valuesOf(stranger, "doubled"), [2, 4]);
    });

    it("is taken as it is when a frozen program is compiled: later writes and updates are not seen", async () => {
      const held = await open();
      await held.write("a", Float32Array.of(5, 6));
      const frozen = await compileDoubled(held, { frozen: true });
      await held.write("a", Float32Array.of(100, 200));
      await (await compileUpdates(backend, held, { a: b })).run({});
      assert.deepEqual(await valuesOf(frozen, "doubled"), [10, 12]);
      assert.deepEqual(await valuesOf(await compileDoubled(held), "doubled"), [60, 80]);
    });

    it("keeps the outputs of a run as they are while later runs go on", async () => {
      const held = await open();
      const next = await compileUpdates(backend, held, { a: add(a, 1) }, { old: a, next: add(a, 1) });
      const first = await next.run({});
      await next.run({});
      await next.run({});
      assert.deepEqual(
        [[...first.old!.values], [...first.next!.values]],
        [
          [1, 2],
          [2, 3],
        ],
      );
    });
  });
}
