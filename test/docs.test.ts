// What is written for people keeps up with the code: links, command lines, recipe fields, strategies, columns.
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { z } from "zod";
import { createProgram } from "../src/cli/command-line.ts";
import { scalarSignals } from "../src/core/signals.ts";
import { recipeSchema } from "../src/records/recipe.ts";
import { columnName } from "../src/records/score-table.ts";
import { combinationNames } from "../src/strategies/combinations/parse.ts";
import { strategies } from "../src/strategies/index.ts";

const root = join(import.meta.dirname, "..");
const pages = globSync(["*.md", "docs/**/*.md"], { cwd: root });
const read = (page: string) => readFileSync(join(root, page), "utf8");

for (const page of pages) {
  test(`${page} links only to files that are there`, () => {
    const links = Array.from(read(page).matchAll(/\]\(([^)#\s]+)/g), (match) => match[1]!);
    const local = links.filter((link) => !/^[a-z]+:/.test(link));
    assert.deepEqual(
      local.filter((link) => !existsSync(join(root, dirname(page), link))),
      [],
    );
  });

  test(`${page} writes only command lines that Foreloss understands`, () => {
    const blocks = Array.from(read(page).matchAll(/```sh\n([\s\S]*?)```/g), (match) => match[1]!).join("\n");
    const lines = Array.from(blocks.matchAll(/^(?:npm run -s )?foreloss (?:-- )?([^#\n]+)/gm), (match) => match[1]!);
    for (const line of lines) {
      const [name, ...words] = line.trim().split(/\s+/);
      const command = createProgram().commands.find((known) => known.name() === name);
      assert.ok(command !== undefined, `${page}: foreloss ${line}`);
      const options = words.filter((word) => word.startsWith("--"));
      const known = command.options.flatMap(({ long, short }) => [long, short]);
      assert.deepEqual(
        options.filter((option) => !known.includes(option)),
        [],
        `foreloss ${line}`,
      );
    }
  });
}

test("docs/formats.md names every field of a recipe", () => {
  const section = read("docs/formats.md").split("## Recipe")[1]!.split("\n## ")[0]!;
  const written = Array.from(section.matchAll(/`([^`]+)`/g), (match) => match[1]!).join("\n");
  const missing = fieldNames(z.toJSONSchema(recipeSchema, { io: "input" })).filter(
    (name) => !new RegExp(`\\b${name}\\b`).test(written),
  );
  assert.deepEqual(missing, []);
});

/** Names of all properties in a JSON schema, however deep. */
function fieldNames(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const own = "properties" in schema ? Object.keys(schema.properties as object) : [];
  return [...new Set([...own, ...Object.values(schema).flatMap(fieldNames)])];
}

test("docs/strategies.md names every strategy and every combination, and docs/formats.md every column of scores", () => {
  const text = read("docs/strategies.md");
  for (const { name } of strategies) assert.ok(text.includes(`\`${name}\``), name);
  for (const name of combinationNames) assert.ok(text.includes(`\`${name}(`), name);
  for (const column of scalarSignals.map(columnName)) {
    assert.ok(read("docs/formats.md").includes(`| \`${column}\` |`), column);
  }
});
