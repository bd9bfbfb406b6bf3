import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom } from "../../core/random.ts";
import { calibrationError, fitTemperature } from "../index.ts";
import { drawWeighted } from "../kernels/draw.ts";
import { likeliestClasses } from "../signals/derive.ts";
import { drawProbabilities, matrixOf } from "../testing/made-pool.ts";
import { near } from "../testing/near.ts";
import { peers } from "../testing/peers.ts";
import { scaledMargins } from "./temperature.ts";

describe("the calibration error", () => {
  it("is NumPy's", () => {
    const { labelledProbabilities: rows, labelledClasses, calibrationError: expected } = peers.pool;
    const correct = Uint8Array.from(likeliestClasses(matrixOf(rows)), (c, i) => Number(c === labelledClasses[i]));
    near(
      [
        calibrationError(
          Float64Array.from(rows, (row) => Math.max(...row)),
          correct,
        ),
      ],
      [expected],
    );
  });

  it("is 0 when confidence is the share that is right, and 1 when certain and wrong", () => {
    near([calibrationError(Float64Array.of(0.75, 0.75, 0.75, 0.75), Uint8Array.of(1, 1, 0, 1))], [0]);
    near([calibrationError(Float64Array.of(1, 1), Uint8Array.of(0, 0))], [1]);
  });
});

describe("the temperature", () => {
  it("is found again when classes were drawn from cooler probabilities than are given", () => {
    const random = createRandom(1);
    const right = drawProbabilities(20_000, 4, random);
    const classes = Uint32Array.from(right, (row) => drawWeighted(Float64Array.from(row), random));
    const tooSure = right.map((row) => {
      const powers = row.map((p) => p ** 3);
      const sum = powers.reduce((a, b) => a + b);
      return powers.map((power) => power / sum);
    });
    near([fitTemperature(matrixOf(tooSure), classes)], [3], 0.06);
    near([fitTemperature(matrixOf(right), classes)], [1], 0.06);
  });

  it("is 1 where every temperature is as good", () => {
    assert.equal(fitTemperature(matrixOf([[1, 0]]), Uint32Array.of(0)), 1);
  });

  it("leaves the order of classes and moves margins towards uniform", () => {
    const [cool] = scaledMargins(matrixOf([[0.9, 0.1]]), 1);
    const [warm] = scaledMargins(matrixOf([[0.9, 0.1]]), 2);
    near([cool!, warm!], [0.2, 1 - (3 - 1) / (3 + 1)]); // square roots of 0.9 and 0.1 are as 3 to 1
  });

  it("is not fitted to another number of classes than of items", () => {
    assert.throws(() => fitTemperature(matrixOf([[1, 0]]), Uint32Array.of(0, 1)), /2 classes for 1 items/);
  });
});
