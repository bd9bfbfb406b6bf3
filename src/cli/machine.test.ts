// Reading what a processor can do from what the system says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { describeMachine, featuresAmong, linuxWords, macWords } from "./machine.ts";

const known = { AVX2: ["avx2"], AMX: ["amx_tile"], BF16: ["hw.optional.arm.feat_bf16"] };

test("the flags of Linux are whole words, not parts of words", () => {
  const words = linuxWords("processor\t: 0\nflags\t\t: fpu avx avx2 amx_tile_x\nbugs\t\t: amx_tile\n");
  assert.deepEqual(featuresAmong(known, words), { AVX2: true, AMX: false, BF16: false });
});

test("macOS on Intel lists words, on Apple's processors names with 1 or 0", () => {
  const intel = macWords("machdep.cpu.features: FPU SSE\nmachdep.cpu.leaf7_features: BMI1 AVX2\n");
  assert.deepEqual(featuresAmong(known, intel), { AVX2: true, AMX: false, BF16: false });
  const apple = macWords("hw.optional.arm.FEAT_BF16: 1\nhw.optional.avx2: 0\n");
  assert.deepEqual(featuresAmong(known, apple), { AVX2: false, AMX: false, BF16: true });
});

test("this machine has a processor and memory", async () => {
  const machine = await describeMachine();
  assert.ok(machine.cores >= 1);
  assert.ok(machine.memoryBytes > 2 ** 26);
  assert.notEqual(machine.cpu, "");
});
