// Student's t against SciPy 1.17 (scipy.stats.t.ppf, 2 * scipy.stats.t.sf).
import assert from "node:assert/strict";
import { test } from "node:test";
import { studentTQuantile, studentTTwoSided } from "./student-t.ts";

/** Asserts a relative error below `relative`. */
function near(actual: number, expected: number, what: string, relative = 1e-11): void {
  assert.ok(Math.abs(actual - expected) <= relative * Math.abs(expected), `${what}: ${actual} instead of ${expected}`);
}

test("quantiles agree with SciPy for few and many degrees of freedom", () => {
  const cases = [
    [0.975, 1, 12.706204736174694],
    [0.975, 2, 4.302652729749462],
    [0.975, 4, 2.7764451051977934],
    [0.975, 9, 2.262157162798205],
    [0.975, 30, 2.0422724563012378],
    [0.975, 1000, 1.9623390808264083],
    [0.995, 3, 5.840909309733355],
    [0.6, 7, 0.2631668613520229],
    [0.05, 2.5, -2.5582186141359364],
    [0.9999, 5, 9.677566300882814],
  ] as const;
  for (const [p, n, expected] of cases) near(studentTQuantile(p, n), expected, `quantile ${p} of ${n}`);
  assert.equal(studentTQuantile(0.5, 3), 0);
});

test("two-sided p-values agree with SciPy, small ones digit for digit", () => {
  const cases = [
    [0, 3, 1],
    [0.01, 4, 0.9925001562458985],
    [0.5, 1, 0.7048327646991335],
    [1, 2, 0.4226497308103742],
    [-2.5, 4, 0.06676654481198814],
    [3, 9, 0.014956363910414222],
    [12.7, 1, 0.050024327689344165],
    [10, 30, 4.575251408229618e-11],
    [40, 20, 1.457469655431075e-20],
    [2, 2.5, 0.1573914957579659],
  ] as const;
  for (const [t, n, expected] of cases) near(studentTTwoSided(t, n), expected, `p of ${t} with ${n}`);
  near(studentTTwoSided(1.96, 1e6), 0.04999606758526985, "nearly normal", 1e-8);
  assert.equal(studentTTwoSided(Number.POSITIVE_INFINITY, 2), 0);
});

test("a quantile is where the p-value says it is", () => {
  for (const n of [1, 2, 3.5, 17, 400]) near(studentTTwoSided(studentTQuantile(0.9, n), n), 0.2, `n = ${n}`);
});

test("what is no probability, no number or no freedom is refused", () => {
  assert.throws(() => studentTQuantile(1, 4), /probability 1 is not between/);
  assert.throws(() => studentTQuantile(0.5, 0), /0 degrees of freedom/);
  assert.throws(() => studentTTwoSided(Number.NaN, 4), /not a number/);
});
