// Comparing lists of numbers.
import assert from "node:assert/strict";

/** Every number within `relative` of the expected one, or within that of 1 where it is small. */
export function near(actual: ArrayLike<number>, expected: ArrayLike<number>, relative = 1e-6): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) {
    const [value, wanted] = [actual[i]!, expected[i]!];
    const allowed = relative * Math.max(1, Math.abs(wanted));
    assert.ok(Math.abs(value - wanted) <= allowed, `number ${i} is ${value} instead of ${wanted}`);
  }
}
