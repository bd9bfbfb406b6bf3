// What the package promises: every sub-path of `exports` is there and gives something.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  exports: Record<string, string>;
  bin: Record<string, string>;
  files: string[];
};

function sourceOf(built: string): string {
  return join(root, built.replace(/^\.\/dist\//, "src/").replace(/\.js$/, ".ts"));
}

for (const [path, built] of Object.entries(manifest.exports).filter(([path]) => path !== "./package.json")) {
  test(`foreloss/${path.slice(2)} gives what it names`, async () => {
    const exported: object = await import(sourceOf(built));
    assert.ok(Object.keys(exported).length > 0);
    assert.ok(Object.values(exported).every((value) => value !== undefined));
  });
}

test("the command and everything that is packed are there", () => {
  assert.ok(existsSync(sourceOf(manifest.bin.foreloss!)));
  const sources = manifest.files.filter((file) => file !== "dist");
  assert.deepEqual(
    sources.filter((file) => !existsSync(join(root, file))),
    [],
  );
});
