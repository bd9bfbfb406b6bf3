// Sampling and colours against PyTorch and colorsys; test/fixtures/box-augmentation.json says what is what.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { createRandom } from "../../core/random.ts";
import { type ColourChange, changeColours, drawColourChange } from "./colours.ts";
import { resample } from "./resample.ts";

interface Fixture {
  readonly width: number;
  readonly height: number;
  readonly picture: readonly number[];
  readonly fill: readonly number[];
  readonly windows: readonly {
    readonly window: readonly [number, number, number, number];
    readonly values: readonly number[];
  }[];
  readonly pixels: readonly (readonly number[])[];
  readonly colours: readonly {
    readonly change: Omit<ColourChange, "order">;
    readonly values: readonly (readonly number[])[];
  }[];
}

const file = new URL("../../../test/fixtures/box-augmentation.json", import.meta.url);
const fixture = JSON.parse(await readFile(file, "utf8")) as Fixture;
const from = Uint8Array.from(fixture.picture);

/** Bytes are the values rounded, give or take what the weights of 1/2048 lose. */
function assertRounded(bytes: Uint8Array, values: readonly number[], loss: number): void {
  assert.equal(bytes.length, values.length);
  values.forEach((value, i) => {
    assert.ok(Math.abs(bytes[i]! - value) <= 0.5 + loss, `${i}: ${bytes[i]} for ${value}`);
  });
}

function seenThrough([left, top, right, bottom]: Fixture["windows"][number]["window"], mirrored = false): Uint8Array {
  const into = new Uint8Array(from.length);
  resample(from, into, fixture, { left, top, right, bottom, mirrored }, fixture.fill);
  return into;
}

for (const { window, values } of fixture.windows) {
  test(`the window ${window.join(", ")} shows what PyTorch samples`, () => {
    assertRounded(seenThrough(window), values, 0.2);
  });
}

test("the whole picture is copied, and its mirror image mirrored is the picture again", () => {
  const whole = [0, 0, fixture.width, fixture.height] as const;
  assert.deepEqual(seenThrough(whole), from);
  const mirrored = seenThrough(whole, true);
  assert.notDeepEqual(mirrored, from);
  const back = new Uint8Array(from.length);
  const [left, top, right, bottom] = whole;
  resample(mirrored, back, fixture, { left, top, right, bottom, mirrored: true }, fixture.fill);
  assert.deepEqual(back, from);
});

/** Pixels as planes of red, green and blue. */
const planesOf = (pixels: readonly (readonly number[])[]) =>
  [0, 1, 2].flatMap((channel) => pixels.map((p) => p[channel]!));

for (const { change, values } of fixture.colours) {
  test(`colours change as in hue, saturation and value: ${JSON.stringify(change)}`, () => {
    const planes = Uint8Array.from(planesOf(fixture.pixels));
    const into = new Uint8Array(planes.length);
    changeColours(planes, into, { ...change, order: [0, 1, 2] });
    assertRounded(into, planesOf(values), 1e-3);
  });
}

test("channels change places as the order says, also in place", () => {
  const planes = Uint8Array.of(1, 2, 50, 60, 200, 210);
  changeColours(planes, planes, { brightness: 0, contrast: 1, saturation: 1, hueDegrees: 0, order: [2, 0, 1] });
  assert.deepEqual([...planes], [200, 210, 1, 2, 50, 60]);
});

test("half of all changes leave a property as it is, the others stay within their range", () => {
  const random = createRandom(6, "colours");
  const changes = Array.from({ length: 4000 }, () => drawColourChange(random));
  const check = (values: readonly number[], none: number, low: number, high: number) => {
    const drawn = values.filter((value) => value !== none);
    assert.ok(Math.abs(drawn.length / values.length - 0.5) < 0.03);
    const reach = (high - low) / 50;
    assert.ok(Math.min(...drawn) >= low && Math.min(...drawn) < low + reach);
    assert.ok(Math.max(...drawn) <= high && Math.max(...drawn) > high - reach);
  };
  check(
    changes.map(({ brightness }) => brightness),
    0,
    -32,
    32,
  );
  check(
    changes.map(({ contrast }) => contrast),
    1,
    0.5,
    1.5,
  );
  check(
    changes.map(({ saturation }) => saturation),
    1,
    0.5,
    1.5,
  );
  check(
    changes.map(({ hueDegrees }) => hueDegrees),
    0,
    -18,
    18,
  );
  const orders = new Set(changes.map(({ order }) => order.join()));
  assert.equal(orders.size, 6);
});
