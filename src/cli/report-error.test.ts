// What is printed of errors, by kind.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ForelossError } from "../core/errors.ts";
import { describeError } from "./report-error.ts";

test("an error a user can act on has its message and hint, and no stack", () => {
  const error = new ForelossError("a.json: wrong", { hint: "put it right", cause: new Error("behind") });
  assert.equal(describeError(error, { debug: false }), "error: a.json: wrong\nhint: put it right");
});

test("with --debug the stacks of an error and of those behind it are added", () => {
  const error = new ForelossError("a.json: wrong", { cause: new Error("behind") });
  assert.match(
    describeError(error, { debug: true }),
    /^error: a\.json: wrong\n.*\n\s+at .*caused by: Error: behind\n\s+at /s,
  );
});

test("anything else is called a fault and asks for --debug", () => {
  assert.match(
    describeError(new TypeError("x is undefined"), { debug: false }),
    /^error: x is undefined\n.*fault.*--debug/,
  );
  assert.match(describeError("just words", { debug: false }), /^error: just words\n/);
});

test("a package that cannot be loaded is no fault of ours: doctor is named", async () => {
  const name = "a-package-that-nobody-has-installed";
  const error: unknown = await import(name).catch((reason: unknown) => reason);
  assert.match(describeError(error, { debug: false }), /^error: Cannot find package '.*\n.*`foreloss doctor`/);
  const sharp = new Error('Could not load the "sharp" module using the linux-x64 runtime\nPossible solutions:');
  assert.match(describeError(sharp, { debug: false }), /linux-x64 runtime\n.*`foreloss doctor`/);
});
