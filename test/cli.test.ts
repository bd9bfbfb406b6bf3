// The command line as a person meets it: help, mistakes, exit codes, and what can be done without training.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { createProgram } from "../src/cli/command-line.ts";
import type { EngineReport } from "../src/cli/examine-engines.ts";
import { nativeSupport } from "../src/engine/backends/native/index.ts";
import { encodeNpy } from "../src/records/npy.ts";

const main = join(import.meta.dirname, "..", "src", "cli", "main.ts");
const folder = mkdtempSync(join(tmpdir(), "foreloss-cli-"));
after(() => rmSync(folder, { recursive: true }));

function foreloss(...args: string[]): { code: number | null; out: string; err: string } {
  const env = { ...process.env, FORELOSS_DATA: "" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    encoding: "utf8",
    env,
  });
  return { code: status, out: stdout, err: stderr };
}

function put(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return name;
}

const scores = 'item,entropy,predicted_loss\na,0.1,3\n"b, 2",0.9,1\nc,0.5,2\n';

test("every command explains itself with an example that calls it", () => {
  for (const command of createProgram().commands) {
    let help = "";
    command.configureOutput({ writeOut: (text) => (help += text) });
    command.outputHelp();
    assert.match(help, new RegExp(`Examples?:\\n  foreloss ${command.name()}`), command.name());
    assert.doesNotMatch(help, /undefined/);
  }
});

test("help and version are no failure, no command at all is", () => {
  assert.equal(foreloss("--help").code, 0);
  assert.equal(foreloss("run", "--help").code, 0);
  assert.match(foreloss("--version").out, /^\d+\.\d+\.\d+\n$/);
  assert.equal(foreloss().code, 2);
});

const recipe = {
  name: "trial",
  dataset: { kind: "made-up" },
  training: { steps: 1 },
  labelling: { initial: 1, perCycle: 1, cycles: 1 },
  arms: [{ name: "random", strategy: "randon" }],
};

const mistakes: readonly [string, string[], number, RegExp][] = [
  ["a command", ["selct"], 2, /Did you mean select\?/],
  ["an option", ["run", "demo", "--sedes", "1"], 2, /Did you mean --seeds\?/],
  ["a strategy", ["select", "scores.csv", "-s", "entrpy", "-n", "1"], 2, /did you mean "entropy"\?/],
  ["a count", ["select", "scores.csv", "-s", "entropy", "-n", "few"], 2, /whole number of at least 1/],
  ["a recipe", ["run", "cifar10-smal"], 2, /cifar10-smal: no such recipe; did you mean "cifar10-small"\?/],
  ["a recipe's strategy", ["run", "trial.json"], 1, /trial\.json: arms\[0\]\.strategy: .*did you mean "random"\?/],
  [
    "a recipe's field",
    ["run", "field.json"],
    1,
    /field\.json: training\.learnRate: unknown field; did you mean "learningRate"/,
  ],
  ["a folder of pictures", ["train", "pictres", "-o", "x"], 1, /pictres: no such folder; did you mean ".*pictures"\?/],
  ["a data folder", ["run", "folder", "--data", "pictres"], 1, /pictres: no such folder; did you mean ".*pictures"\?/],
  ["a recipe to train by", ["train", "pictures", "-o", "x", "--recipe", "demo"], 2, /"demo" draws its own pictures/],
  ["an arm", ["run", "demo", "--arms", "randm"], 2, /no arm "randm"; did you mean "random"\?/],
  ["an engine", ["demo", "--engine", "onyx"], 2, /unknown engine "onyx"; did you mean "onnx"\?/],
  ["a precision", ["demo", "--precision", "float23"], 2, /unknown precision "float23"; did you mean "float32"\?/],
  ["bfloat16", ["demo", "--engine", "onnx", "--precision", "bfloat16"], 2, /engine onnx computes in float32 only/],
  ["a table", ["select", "score.csv", "-s", "entropy", "-n", "1"], 2, /no such file; did you mean "scores\.csv"\?/],
  ["a column", ["select", "scores.csv", "-s", "margin", "-n", "1"], 1, /no column "margin"; there are: item, entropy/],
  ["a checkpoint", ["export", "modl", "--out", "x"], 2, /modl: no such checkpoint; did you mean "model"\?/],
  ["a model", ["score", "pictures", "--model", "modell"], 2, /modell: no such checkpoint; did you mean "model"\?/],
  ["a folder for output", ["train", "pictures", "-o", "pictures/model"], 2, /lies in the folder of pictures/],
  ["results", ["report", "scores.csv"], 1, /scores\.csv:1:1: expected a value, found "item"/],
];
for (const [what, args, code, message] of mistakes) {
  test(`${what} written wrongly is told, with what is right, and without a stack`, () => {
    put("scores.csv", scores);
    put("trial.json", JSON.stringify(recipe));
    put("field.json", JSON.stringify({ ...recipe, training: { steps: 1, learnRate: 1 }, arms: [] }));
    for (const name of ["pictures", "model"]) mkdirSync(join(folder, name), { recursive: true });
    const { code: actual, err, out } = foreloss(...args);
    assert.match(err, message);
    assert.equal(actual, code);
    assert.equal(out, "");
    assert.doesNotMatch(err, /\n\s+at /);
  });
}

test("a recipe that asks for more labels than there are pictures is refused before anything is trained", () => {
  const labelling = { initial: 10, perCycle: 5, cycles: 4 };
  const dataset = { kind: "made-up", train: 20, test: 12 };
  put("greedy.json", JSON.stringify({ ...recipe, dataset, labelling, arms: [{ name: "random", strategy: "random" }] }));
  const { code, err } = foreloss("run", "greedy.json", "--out", "greedy");
  assert.equal(code, 1);
  assert.match(
    err,
    /trial: the recipe asks for 10 \+ 3 x 5 = 25 labels, the data has 20 pictures to choose from\nhint: /,
  );
  assert.equal(existsSync(join(folder, "greedy")), false);
});

test("--debug shows where an error comes from", () => {
  assert.match(foreloss("report", "nowhere", "--debug").err, /UsageError: nowhere: no such file\n\s+at /);
});

test("select prints the highest scores first, as CSV and as JSON", () => {
  put("scores.csv", scores);
  const args = ["select", "scores.csv", "--strategy", "entropy", "--count", "2"];
  assert.equal(foreloss(...args).out, 'rank,item,entropy\n1,"b, 2",0.9\n2,c,0.5\n');
  assert.deepEqual(JSON.parse(foreloss(...args, "--json").out), {
    strategy: "entropy",
    picks: [
      { rank: 1, item: "b, 2", signals: { entropy: 0.9 } },
      { rank: 2, item: "c", signals: { entropy: 0.5 } },
    ],
  });
});

test("select by core-set goes farthest from what is labelled, and writes its picks", () => {
  put("scores.csv", scores);
  put("pool.npy", encodeNpy({ rows: 3, columns: 1, values: Float32Array.of(0, 5, 9) }));
  put("labelled.npy", encodeNpy({ rows: 1, columns: 1, values: Float32Array.of(10) }));
  const embeddings = ["--embeddings", "pool.npy", "--labelled-embeddings", "labelled.npy"];
  const { code, out } = foreloss("select", "scores.csv", "-s", "core-set", "-n", "2", ...embeddings, "-o", "picks.csv");
  assert.equal(code, 0);
  assert.equal(out, "2 of 3 items picked by core-set: picks.csv\n");
  const picks = readFileSync(join(folder, "picks.csv"), "utf8").split("\n");
  assert.deepEqual(picks, [
    "rank,item,nearest_labelled,distance,nearest_pick,pick_distance",
    "1,a,labelled row 0,10,,",
    '2,"b, 2",labelled row 0,5,a,5',
    "",
  ]);
});

test("select refuses embeddings of other items", () => {
  put("scores.csv", scores);
  put("pool.npy", encodeNpy({ rows: 2, columns: 1, values: Float32Array.of(0, 5) }));
  const { code, err } = foreloss("select", "scores.csv", "-s", "core-set", "-n", "2", "--embeddings", "pool.npy");
  assert.equal(code, 1);
  assert.match(err, /pool\.npy: 2 rows, but scores\.csv#item has 3 items/);
});

test("the same seed gives the same random picks, another seed others", () => {
  put("many.csv", `item\n${Array.from({ length: 50 }, (_, i) => `${i}\n`).join("")}`);
  const pick = (seed: string) => foreloss("select", "many.csv", "-s", "random", "-n", "10", "--seed", seed).out;
  assert.equal(pick("1"), pick("1"));
  assert.notEqual(pick("1"), pick("2"));
});

test("doctor says what there is, for people and for programs", () => {
  const { code, out } = foreloss("doctor", "--json", "--threads", "1");
  const diagnosis = JSON.parse(out);
  assert.equal(code, 0);
  assert.equal(diagnosis.healthy, true);
  assert.equal(diagnosis.node.version, process.versions.node);
  const engines: readonly EngineReport[] = diagnosis.engines;
  const support = nativeSupport();
  const native = !support.available ? [] : support.bfloat16 ? ["native", "native"] : ["native"];
  assert.deepEqual(
    engines.map(({ name }) => name),
    [...native, "onnx", "reference"],
  );
  for (const { speed } of engines.slice(0, -1)) assert.ok(speed!.picturesPerSecond > 0);
  assert.equal(diagnosis.advice.length, support.available ? 0 : 1);
});

test("doctor fails for a data folder that is not there, and says so in words", () => {
  const { code, out, err } = foreloss("doctor", "--data", "nowhere", "--threads", "1");
  assert.equal(code, 1);
  assert.match(out, /^ok +processor/m);
  assert.match(out, /^ok +engine onnx +onnxruntime-node \S+: trains \d+ pictures a second/m);
  assert.match(out, /^(?:ok +engine native .* pictures a second|absent +engine native .*not needed, but)/m);
  assert.match(out, /^MISSING data +.*nowhere/m);
  assert.match(err, /see above/);
});

test("report refuses a results.json of another shape, naming the field", () => {
  put("results.json", '{"version": 1, "name": 3}');
  const { code, err } = foreloss("report", "results.json");
  assert.equal(code, 1);
  assert.match(
    err,
    /results\.json: not the results of a run: name: 3 is not allowed; needs a text \(and \d+ more problems\)/,
  );
});
