// The table between scoring and choosing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatScoreTable, parseScoreTable } from "./score-table.ts";

const table = {
  ids: ["cats/a, b.jpg", "dogs/1.png"],
  signals: {
    predictedLoss: Float32Array.of(0.1, -3.25e-7),
    entropy: Float32Array.of(1.6094379, 0),
    leastConfidence: Float32Array.of(1 / 3, 1),
  },
  predictedClasses: ["cat", "dog"],
};

test("a table comes back with the same float32 numbers", () => {
  const text = formatScoreTable(table);
  assert.equal(text.split("\n")[0], "item,predicted_loss,entropy,least_confidence,predicted_class");
  assert.deepEqual(parseScoreTable(text, "s.csv", ["predictedLoss", "entropy", "leastConfidence"]), table);
});

test("columns nobody asked for are left aside, unreadable or not", () => {
  const read = parseScoreTable("note,item,entropy\nx,a,0.5\n,b,1\n", "s.csv", ["entropy"]);
  assert.deepEqual(read, { ids: ["a", "b"], signals: { entropy: Float32Array.of(0.5, 1) } });
});

test("numbers are written with no more digits than it takes", () => {
  const entropy = Float32Array.of(0.9, 1 / 3, 1e-20, 16777217, 0);
  const text = formatScoreTable({ ids: ["a", "b", "c", "d", "e"], signals: { entropy } });
  assert.equal(text, "item,entropy\na,0.9\nb,0.33333334\nc,1e-20\nd,16777216\ne,0\n");
  assert.deepEqual(parseScoreTable(text, "s.csv", ["entropy"]).signals.entropy, entropy);
});

const refused: readonly [string, string, string][] = [
  ["a column by another name", "item,entrop\na,1\n", 's.csv: no column "entropy"; did you mean "entrop"?'],
  ["a missing column", "item,margin\na,1\n", 's.csv: no column "entropy"; there are: item, margin'],
  ["a word for a number", "item,entropy\na,1\nb,high\n", 's.csv:3: entropy: "high" is not a finite number'],
  ["an empty cell", "item,entropy\na,\n", 's.csv:2: entropy: "" is not a finite number'],
  ["NaN", "item,entropy\na,NaN\n", 's.csv:2: entropy: "NaN" is not a finite number'],
  ["an item twice", "item,entropy\na,1\nb,1\na,2\n", 's.csv:4: item "a" stands in line 2 already'],
  ["a row too short", "item,entropy\na\n", "s.csv:2: 1 cells under a header of 2"],
  ["an empty file", "", "s.csv: an empty file; needs a header line and one line per item"],
];
for (const [what, text, message] of refused) {
  test(`${what} is refused with its line`, () => {
    assert.throws(() => parseScoreTable(text, "s.csv", ["entropy"]), { name: "ForelossError", message });
  });
}
