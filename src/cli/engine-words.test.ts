// What is said of engines: the one a command takes, and the one that would be a gain.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nativeAdvice } from "./examine-engines.ts";
import { engineLine } from "./taken-engine.ts";

test("the engine taken is named with its version and threads", () => {
  const taken = { name: "native", version: "oneDNN 2.6.3, bfloat16", threads: 2 };
  assert.equal(engineLine(taken), "engine: native (oneDNN 2.6.3, bfloat16), 2 threads");
  assert.match(engineLine({ ...taken, threads: 1 }), /, 1 thread$/);
});

test("where the native engine is missing, what it would bring is told by the processor, with how to have it", () => {
  const absent = { available: false, reason: "it is not built" } as const;
  const advice = nativeAdvice(absent, true)!;
  assert.match(advice.gain, /bfloat16/);
  assert.match(advice.remedy, /npm run build:native$/);
  assert.equal(advice.reason, "it is not built");
  assert.doesNotMatch(nativeAdvice(absent, false)!.gain, /bfloat16/);
});

test("where the native engine is there, nothing is advised", () => {
  assert.equal(nativeAdvice({ available: true, version: "oneDNN 2.6.3", bfloat16: true }, true), null);
});
