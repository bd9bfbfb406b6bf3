// The examples run as they stand, are short enough to be read at once, and do what their text says.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const folder = join(import.meta.dirname, "..", "examples");
const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));

/** What stands behind `foreloss` in each line of numpy/select.sh. */
const commandLines = Array.from(
  readFileSync(join(folder, "numpy", "select.sh"), "utf8").matchAll(/^foreloss (.+)$/gm),
  (match) => match[1]!.replaceAll('"', "").split(" "),
);

/** The picks of a command as the program tells them. */
function selected(words: readonly string[]): string {
  const main = join(folder, "..", "src", "cli", "main.ts");
  const { stdout, stderr } = spawnSync(process.execPath, [main, ...words], {
    cwd: join(folder, "numpy"),
    encoding: "utf8",
  });
  assert.equal(stderr, "");
  const picks = stdout
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",")[1]);
  return `${words[words.indexOf("--strategy") + 1]}: ${picks.join(" ")}`;
}

/** What each must print; an example without an entry here fails. */
const said: Readonly<Record<string, (lines: readonly string[]) => void>> = {
  "own-strategy.ts": (lines) => {
    const final = lines.map((line) => Number(line.split(": ").at(-1)));
    assert.deepEqual(
      lines.map((line) => line.split(" ")[0]),
      ["random", "mixed"],
    );
    assert.ok(final[1]! > 0.99 && final[1]! > final[0]!, lines.join("\n"));
  },
  "choose-from-scores.ts": (lines) => {
    const picks = lines.map((line) => line.split(/\s+/).slice(0, 2).join(" "));
    assert.deepEqual(picks.slice(0, 2).sort(), ["margin street/0002.jpg", "margin street/0003.jpg"]);
    assert.deepEqual(picks.slice(2), ["core-set garden/0001.jpg", "core-set street/0003.jpg"]);
  },
  "choose-from-arrays.ts": (lines) => {
    const unsure = lines.slice(0, 2).map((line) => Number(/: (\d+) of 20 unsure/.exec(line)![1]));
    assert.ok(unsure[1]! > 2 * unsure[0]!, lines.join("\n"));
    assert.equal(lines[2], "entropy: picture-3 picture-13 picture-23");
  },
  "choose-from-numpy.ts": (lines) => {
    assert.deepEqual(lines.slice(0, 1), ["margin: digit-0187 digit-0069 digit-0203"]);
    assert.deepEqual(
      lines.map((line) => line.split(":")[0]),
      ["margin", "badge", "bald", "core-set"],
    );
    assert.deepEqual(lines, commandLines.map(selected), "select.sh chooses the same");
  },
  "real-learner.ts": (lines) => {
    assert.deepEqual(
      lines.map((line) => line.split(" ")[0]),
      ["16", "24", "32"],
    );
    for (const line of lines.slice(0, -1)) assert.match(line, /: accuracy [01]\.\d\d, next train\/\d{5}$/);
  },
  "small-graph.ts": (lines) => {
    const losses = lines.slice(0, -1).map((line) => Number(line.split(" ").at(-1)));
    assert.ok(losses.at(-1)! < losses[0]! / 10, lines.join("\n"));
    assert.equal(lines.at(-1), "classes: 0 1 1 0");
  },
};

test("there is an example to run", () => assert.ok(files.length > 0));

for (const file of files) {
  test(`the example ${file} has at most 60 lines, runs and gives what it promises`, () => {
    const path = join(folder, file);
    assert.ok(readFileSync(path, "utf8").trimEnd().split("\n").length <= 60);
    const { status, stdout, stderr } = spawnSync(process.execPath, [path], { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    assert.ok(said[file] !== undefined, `${file}: say in this test what it must print`);
    said[file](stdout.trimEnd().split("\n"));
  });
}
