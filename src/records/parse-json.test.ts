// JSON syntax errors name line, column, what was expected and what stands there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ForelossError } from "../core/errors.ts";
import { parseJson } from "./parse-json.ts";

const faults: readonly [string, string, string][] = [
  ["a comma after the last field", '{\n  "a": 1,\n}', 'f.json:3:1: expected a field name in double quotes, found "}"'],
  ["a missing colon", '{"epochs" 8}', 'f.json:1:11: expected ":", found "8"'],
  ["a missing comma", '{"a": 1\n "b": 2}', 'f.json:2:2: expected "," or "}", found "\\""'],
  ["a field name without quotes", "{a: 1}", 'f.json:1:2: expected a field name in double quotes, found "a"'],
  ["a misspelt word", '{"a": [true, flase]}', 'f.json:1:14: expected a value, found "flase"'],
  ["a number with a leading zero", "[01]", 'f.json:1:2: expected a value, found "01"'],
  [
    "a text over two lines",
    '["a\nb"]',
    'f.json:1:2: expected a text that ends with quotes on the same line, found "\\""',
  ],
  ["a file that stops early", '{"a": [1, 2', 'f.json:1:12: expected "," or "]", found the end of the file'],
  ["an empty file", "", "f.json:1:1: expected a value, found the end of the file"],
  ["something after the end", "{} {}", 'f.json:1:4: expected the end of the file, found "{"'],
];
for (const [name, text, message] of faults) {
  test(`${name} is found`, () => {
    assert.throws(() => parseJson(text, "f.json"), new ForelossError(message, { cause: syntaxErrorOf(text) }));
  });
}

function syntaxErrorOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

test("a byte order mark is no error", () => {
  assert.deepEqual(parseJson('\uFEFF{"a": [1, -2.5e3, "x\\n", null]}', "f.json"), { a: [1, -2500, "x\n", null] });
});
