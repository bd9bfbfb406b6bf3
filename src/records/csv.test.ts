// Comma-separated values, there and back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatCsv, parseCsv, parseCsvParts } from "./csv.ts";

test("cells with commas, quotes and line breaks come back as they were", () => {
  const rows = [
    ["item", "class"],
    ['a "b", c.jpg', ""],
    ["two\nlines", "x"],
    ["", ""],
    ['"', ","],
  ];
  assert.deepEqual(
    parseCsv(formatCsv(rows), "t.csv").map((row) => row.cells),
    rows,
  );
});

test("quoting is that of RFC 4180", () => {
  assert.equal(formatCsv([["a,b", 'say "x"', 1.5, "plain"]]), '"a,b","say ""x""",1.5,plain\n');
});

test("lines are counted through quoted line breaks, empty lines and CRLF", () => {
  assert.deepEqual(parseCsv('\uFEFFa,b\r\n"1\r\n2",3\r\n\r\n4,', "t.csv"), [
    { line: 1, cells: ["a", "b"] },
    { line: 2, cells: ["1\r\n2", "3"] },
    { line: 5, cells: ["4", ""] },
  ]);
});

test("an empty text has no rows", () => {
  assert.deepEqual(parseCsv("", "t.csv"), []);
});

test("quotes out of place are named with their line", () => {
  const message = 't.csv:2: quotes out of place; write a cell with quotes as "a ""b"" c"';
  assert.throws(() => parseCsv('a\nb"c\n', "t.csv"), { message });
  assert.throws(() => parseCsv('a\n"never closed\n', "t.csv"), { message });
  assert.throws(() => parseCsv('a\n"b"c\n', "t.csv"), { message });
});

test("a text in parts gives the same rows, wherever it is parted", async () => {
  const text = '\uFEFFa,b\r\n"1, ""x""\r\ny",2\n\n3,\n,"4"';
  for (let size = 1; size <= text.length; size++) {
    const parts = async function* () {
      for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
    };
    const rows = [];
    for await (const some of parseCsvParts(parts(), "t.csv")) rows.push(...some);
    assert.deepEqual(rows, parseCsv(text, "t.csv"));
  }
});
