import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { refuseInside } from "./output-folder.ts";

test("output is refused in the folder of pictures, below it, and by whatever way it is named", () => {
  for (const out of ["pictures", "pictures/run", "./pictures/a/../b", join(process.cwd(), "pictures", "run")]) {
    assert.throws(() => refuseInside("pictures", out), { name: "UsageError", message: /--out: .* nothing is written/ });
  }
  assert.throws(() => refuseInside(".", "runs/mine"), /lies in the folder of pictures/);
});

test("output beside the folder of pictures is welcome, also under a similar name", () => {
  for (const out of ["run", "pictures-run", "../elsewhere", "..pictures"]) refuseInside("pictures", out);
});
