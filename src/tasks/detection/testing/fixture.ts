// The figures of test/fixtures/detection.json, made by scripts/make-detection-fixture.py; its first lines say what they are.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { DecodedPicture, DecodeOptions, DetectionOutputs } from "../decode.ts";
import type { PriorMap } from "../priors.ts";

type Row = readonly number[];

export interface DetectionFixture {
  readonly priors: { readonly count: number; readonly sums: Row; readonly every211th: readonly Row[] };
  readonly small: {
    readonly sidePx: number;
    readonly cells: Row;
    readonly steps: Row;
    readonly sizes: Row;
    readonly ratios: readonly Row[];
    readonly priors: Row;
  };
  readonly matching: readonly {
    readonly objects: readonly (readonly [number, number, number, number, number, string])[];
    readonly leastOverlap: number;
    readonly classes: Row;
    readonly rows: readonly Row[];
  }[];
  readonly suppression: readonly {
    readonly boxes: readonly Row[];
    readonly scores: Row;
    readonly mostOverlap: number;
    readonly kept: Row;
  }[];
  readonly decoding: readonly {
    readonly columns: number;
    readonly classLogits: Row;
    readonly offsets: Row;
    readonly options: DecodeOptions;
    readonly pictures: readonly (readonly Row[])[];
  }[];
}

const file = new URL("../../../../test/fixtures/detection.json", import.meta.url);
export const fixture = JSON.parse(await readFile(file, "utf8")) as DetectionFixture;

/** The maps of the fixture's small net. */
export const smallMaps: readonly PriorMap[] = fixture.small.cells.map((cells, k) => ({
  cells,
  stepPx: fixture.small.steps[k]!,
  minPx: fixture.small.sizes[k]!,
  maxPx: fixture.small.sizes[k + 1]!,
  ratios: fixture.small.ratios[k]!,
}));

export const smallPriors = Float32Array.from(fixture.small.priors);

export function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    assert.ok(Math.abs(actual[i]! - expected[i]!) <= tolerance, `${i}: ${actual[i]} for ${expected[i]}`);
  }
}

/** Outputs of pictures whose priors have these class probabilities; the first is background's. */
export function outputsOf(...pictures: readonly (readonly (readonly number[])[])[]): DetectionOutputs {
  const classLogits = Float32Array.from(pictures.flat(2).map(Math.log));
  return { count: pictures.length, columns: 3, classLogits, offsets: new Float32Array() };
}

/** Kept boxes come from these priors; nothing else of them matters. */
export const keptFrom = (...priors: readonly number[]): DecodedPicture => ({
  priors: Uint32Array.from(priors),
  ...{ boxes: new Float32Array(), classes: new Int32Array(), scores: new Float32Array() },
});
