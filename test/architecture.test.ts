// The rules of the house, held against the sources: who may import whom, no cycles, file sizes, names, openings.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { test } from "node:test";

const root = dirname(import.meta.dirname);

/** Every folder with the folders it may import from, from the bottom up. */
const layers: Readonly<Record<string, readonly string[]>> = {
  core: [],
  records: ["core"],
  native: ["core"],
  engine: ["core", "native"],
  nn: ["core", "engine"],
  models: ["core", "engine", "nn"],
  tasks: ["core", "records", "engine", "nn", "models"],
  datasets: ["core", "records"],
  strategies: ["core", "native"],
  loop: ["core", "records", "strategies"],
  training: ["core", "records", "engine", "nn", "models", "tasks", "datasets", "strategies", "loop"],
  experiments: ["core", "records", "engine", "nn", "models", "tasks", "datasets", "strategies", "loop", "training"],
  cli: [
    ...["core", "records", "engine", "nn", "models", "tasks", "datasets", "strategies", "loop"],
    ...["training", "experiments"],
  ],
};

/** Tables and kernels that may be longer than a file should be. */
const longFiles: readonly string[] = [];
const mostLines = 600;

interface Source {
  /** Relative to the repository, with forward slashes: `src/core/random.ts`. */
  readonly path: string;
  readonly text: string;
  /** What it imports, types included, loads later or starts as a worker: as written. */
  readonly imports: readonly string[];
}

const sources = globSync(["{src,test,bench,scripts,examples}/**/*.ts"], { cwd: root }).map(readSource);
const product = sources.filter(({ path }) => path.startsWith("src/"));
const shipped = product.filter(({ path }) => !/\.(?:test|contract)\.ts$/.test(path));

function readSource(file: string): Source {
  const text = readFileSync(join(root, file), "utf8");
  return { path: file.replaceAll("\\", "/"), text, imports: importsOf(text) };
}

function importsOf(text: string): string[] {
  const code = text.replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, "");
  const patterns = [
    /^(?:import|export)\s[^;"']*?\sfrom\s+"([^"]+)"/gm,
    /^import\s+"([^"]+)"/gm,
    /\bimport\(\s*"([^"]+)"/g,
    /\bnew URL\(\s*"([^"]+\.[jt]s)",\s*import\.meta\.url/g,
  ];
  return patterns.flatMap((pattern) => Array.from(code.matchAll(pattern), (match) => match[1]!));
}

/** The repository's files that a source imports. */
function importedFiles({ path, imports }: Source): string[] {
  const local = imports.filter((name) => name.startsWith("."));
  return local.map((name) => posix.join(posix.dirname(path), name));
}

function layerOf(path: string): string {
  return path.split("/")[1]!;
}

test("there are sources to look at, and their imports are seen", () => {
  assert.ok(product.length > 20);
  assert.ok(product.filter(({ imports }) => imports.length > 0).length > product.length / 2);
  const text =
    'import {\n  a,\n} from "./a.ts";\nexport * from "./b.ts";\nimport type { c } from "./c.ts";\n// import "./d.ts"\nawait import("./e.ts")';
  assert.deepEqual(importsOf(text).sort(), ["./a.ts", "./b.ts", "./c.ts", "./e.ts"]);
});

test("folders import only what stands above them in the table", () => {
  const wrong = product.flatMap((source) => {
    const own = layerOf(source.path);
    const allowed = layers[own];
    if (allowed === undefined) return [`${source.path}: "${own}" is not in the table`];
    const strange = importedFiles(source).filter((file) => !isAllowed(file, own, allowed));
    return strange.map((file) => `${source.path} imports ${file}`);
  });
  assert.deepEqual(wrong, []);
});

function isAllowed(file: string, own: string, allowed: readonly string[]): boolean {
  return file.startsWith("src/") && [own, ...allowed].includes(layerOf(file));
}

test("no file imports itself by way of others, types included", () => {
  const next = new Map(product.map((source) => [source.path, importedFiles(source)]));
  const finished = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (finished.has(path)) return undefined;
    trail.push(path);
    for (const file of next.get(path) ?? []) {
      const cycle = visit(file);
      if (cycle !== undefined) return cycle;
    }
    trail.pop();
    finished.add(path);
    return undefined;
  };
  for (const path of next.keys()) assert.equal(visit(path)?.join(" -> "), undefined);
});

test("what is shipped imports only packages that are installed with it", () => {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { dependencies: object };
  const installed = Object.keys(manifest.dependencies);
  const strange = shipped.flatMap(({ path, imports }) =>
    imports
      .filter((name) => !name.startsWith(".") && !name.startsWith("node:"))
      .filter((name) => !installed.some((dependency) => name === dependency || name.startsWith(`${dependency}/`)))
      .map((name) => `${path} imports ${name}`),
  );
  assert.deepEqual(strange, []);
});

test("files are not longer than 600 lines", () => {
  const long = sources.filter(({ path, text }) => !longFiles.includes(path) && text.split("\n").length > mostLines + 1);
  assert.deepEqual(
    long.map(({ path }) => path),
    [],
  );
});

test("every file opens with one to six lines that say what it is, but for tests, which have their subject's name", () => {
  const wrong = sources.filter(
    ({ path, text }) => !path.endsWith(".test.ts") && !/^(?:#!.*\n)?(?:\/\/ .+\n){1,6}(?!\/\/ )/.test(text),
  );
  assert.deepEqual(
    wrong.map(({ path }) => path),
    [],
  );
});

test("files are named in kebab-case after what they hold", () => {
  const wrong = sources.filter(({ path }) => {
    const name = posix.basename(path);
    return (
      !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z]+)?\.ts$/.test(name) ||
      /\b(?:utils?|helpers?|managers?|base|misc|common)\b/.test(name)
    );
  });
  assert.deepEqual(
    wrong.map(({ path }) => path),
    [],
  );
});

const forbidden: readonly [string, RegExp][] = [
  [
    "a name that says nothing",
    /\b(?:class|interface|type|function|const)\s+(?:\w*(?:Manager|Helper|Utils?)|Base[A-Z]\w*|\w+Base)\b/,
  ],
  ["any", /(?::|\bas|<)\s*any\b(?!\w|\s*[a-z])|\bas unknown as any\b/],
  ["a silenced compiler", /@ts-(?:ignore|nocheck|expect-error)/],
  [
    "syntax that has to be compiled",
    /^\s*(?:export\s+)?(?:const\s+)?enum\s|constructor\([^)]*\b(?:private|public|protected|readonly)\s/m,
  ],
];
for (const [what, pattern] of forbidden) {
  test(`no source has ${what}`, () => {
    const found = sources.filter(
      ({ path, text }) => path !== "test/architecture.test.ts" && pattern.test(withoutComments(text)),
    );
    assert.deepEqual(
      found.map(({ path }) => path),
      [],
    );
  });
}

test("random numbers come from seeded streams", () => {
  const found = sources.filter(
    ({ path, text }) => path !== "test/architecture.test.ts" && text.includes("Math.random"),
  );
  assert.deepEqual(
    found.map(({ path }) => path),
    [],
  );
});

function withoutComments(text: string): string {
  const kept = text.split("\n").filter((line) => !/^\s*(?:\/\/|\*|\/\*\*)/.test(line) || line.includes("@ts-"));
  return kept.join("\n");
}
