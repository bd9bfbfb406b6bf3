import assert from "node:assert/strict";
import { test } from "node:test";
import { ForelossError, UsageError } from "../core/errors.ts";
import { nativeSupport } from "../engine/backends/native/index.ts";
import { type EngineSpec, openEngine, type Precision } from "./engines.ts";

const open = ({ name, precision = "auto" }: Partial<EngineSpec> & { name: string }) =>
  openEngine(name, { threads: 1, precision });

const support = nativeSupport();
const needsNative = support.available ? false : `engine native: ${support.reason}`;
const needsNoNative = support.available ? "engine native is built here" : false;

const refused = (kind: typeof ForelossError, message: RegExp, hint?: RegExp) => (error: unknown) => {
  assert.ok(error instanceof kind, String(error));
  assert.match(error.message, message);
  if (hint !== undefined) assert.match(error.hint ?? "", hint);
  return true;
};

test("auto takes the native engine where it is built", { skip: needsNative }, async () => {
  assert.equal((await open({ name: "auto" })).name, "native");
});

test("auto takes the ONNX Runtime where the native engine is not built", { skip: needsNoNative }, async () => {
  assert.equal((await open({ name: "auto" })).name, "onnx");
});

test("the native engine asked for where it is not built is told with how to build it", { skip: needsNoNative }, () =>
  assert.rejects(
    open({ name: "native" }),
    refused(ForelossError, /^engine native: it (is not built|does not load)/, /npm run build:native$/),
  ),
);

test("the native engine tells its precisions apart by version", { skip: needsNative }, async () => {
  const float32 = await open({ name: "native", precision: "float32" });
  assert.match(float32.version, /float32/);
  if (!support.available || !support.bfloat16) return;
  assert.match((await open({ name: "native", precision: "bfloat16" })).version, /bfloat16/);
  assert.match((await open({ name: "native" })).version, /bfloat16/);
});

for (const name of ["onnx", "reference"]) {
  test(`${name} computes in float32 by itself and when asked to, and refuses bfloat16`, async () => {
    assert.equal((await open({ name })).name, name);
    assert.equal((await open({ name, precision: "float32" })).name, name);
    await assert.rejects(
      open({ name, precision: "bfloat16" }),
      refused(UsageError, new RegExp(`engine ${name} computes in float32 only`), /--engine native/),
    );
  });
}

test("names that no engine or precision has are told with the nearest", async () => {
  await assert.rejects(open({ name: "nativ" }), refused(UsageError, /unknown engine "nativ"; did you mean "native"\?/));
  await assert.rejects(
    open({ name: "onnx", precision: "bfloat61" as Precision }),
    refused(UsageError, /unknown precision "bfloat61"; did you mean "bfloat16"\?/),
  );
});
