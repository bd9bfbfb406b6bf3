// The page as a reader gets it: everything inside, nothing executable, nothing left out.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Drawing } from "../../core/drawing.ts";
import type { ArmResult, Results, SeedResult } from "../../records/results.ts";
import { compareArms } from "../compare.ts";
import { curveSvg } from "./chart-sections.ts";
import { sampleResults } from "./sample-results.ts";
import { type ReportRun, reportPage, writeReport } from "./write-report.ts";

const picture = { mime: "image/png", bytes: new Uint8Array([1, 2, 3]) };

function run(results: Results, fields: Partial<ReportRun> = {}): ReportRun {
  return { results, thumbnails: async () => picture, ...fields };
}

/** The same results with every arm changed. */
function withArms(results: Results, change: (arm: ArmResult) => ArmResult): Results {
  const arms = results.arms.map(change);
  return { ...results, arms, comparison: compareArms(arms) };
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

test("the report is one page that loads nothing and runs nothing", async () => {
  const page = await reportPage([run(sampleResults({ cycles: 3 }))]);
  assert.doesNotMatch(page, /<script|<link|@import|url\(|javascript:/i);
  const addresses = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1]!);
  assert.ok(addresses.length > 0 && addresses.every((address) => address.startsWith("data:image/png;base64,AQID")));
  assert.match(page, /Content-Security-Policy" content="default-src 'none'; img-src data:/);
});

test("it is written to the path, whole", async () => {
  const folder = await mkdtemp(join(tmpdir(), "foreloss-report-"));
  try {
    await writeReport([run(sampleResults({ arms: 1, cycles: 1 }))], join(folder, "report.html"));
    const page = await readFile(join(folder, "report.html"), "utf8");
    assert.ok(page.startsWith("<!doctype html>") && page.endsWith("</html>\n"));
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** One pick a cycle, in which the model saw something. */
function withSeen(results: Results, seen: Drawing): Results {
  return withArms(results, (arm) => ({
    ...arm,
    seeds: arm.seeds.map((seed) => ({
      ...seed,
      cycles: seed.cycles.map((cycle) => ({
        ...cycle,
        picks: cycle.picks.slice(0, 1).map((pick) => ({ ...pick, seen })),
      })),
    })),
  }));
}

test("boxes that are known and boxes that the model saw are drawn over a chosen picture, with class and certainty", async () => {
  const base = sampleResults({ arms: 2, seeds: [0], cycles: 2 });
  const seen = { boxes: [{ classIndex: 2, score: 0.875, left: 0.1, top: 0.2, right: 0.5, bottom: 0.9 }] };
  const results = withSeen(base, seen);
  const drawings = () => ({ boxes: [{ classIndex: 0, left: 0, top: 0.25, right: 0.5, bottom: 1 }] });
  const page = await reportPage([run(results, { drawings })]);
  assert.match(page, /<rect class="known" x="0" y="0.25" width="0.5" height="0.75"><title>disc<\/title>/);
  assert.match(page, /<rect class="seen" x="0.1" y="0.2" width="0.4" height="0.7"><title>star, 88 %<\/title>/);
  assert.match(page, /seen by the model/);
  assert.doesNotMatch(await reportPage([run(base)]), /<rect class="(?:known|seen)"|seen by the model/);
});

test("a person's joints and bones are drawn over its picture, known and seen, with names and certainty", async () => {
  const joints = [
    { name: "left_knee", x: 0.25, y: 0.5 },
    { name: "left_ankle", x: 0.75, y: 1 },
  ];
  const known = { boxes: [], person: { joints, bones: [[0, 1]] as const } };
  const unsure = joints.map((joint) => ({ ...joint, score: 0.125 }));
  const seen = { boxes: [], person: { joints: unsure, bones: [] } };
  const page = await reportPage([
    run(withSeen(sampleResults({ arms: 1, seeds: [0], cycles: 2 }), seen), { drawings: () => known }),
  ]);
  assert.match(
    page,
    /<g class="known"><path d="M0.25,0.5L0.75,1"\/><circle cx="0.25" cy="0.5" r="0.02"><title>left knee<\/title>/,
  );
  assert.match(
    page,
    /<g class="seen"><path d=""\/><circle cx="0.25" cy="0.5" r="0.02"><title>left knee, 13 %<\/title>/,
  );
});

test("names from outside never become tags, in text, charts and attributes", async () => {
  const evil = `"><script>alert(1)</script>`;
  const base = sampleResults({ arms: 2, cycles: 2 });
  const named = withArms(base, (arm) => ({
    ...arm,
    name: `${arm.name}${evil}`,
    seeds: arm.seeds.map((seed) => ({
      ...seed,
      cycles: seed.cycles.map((cycle) => ({
        ...cycle,
        picks: cycle.picks.map((pick) => ({ item: `${pick.item}${evil}`, mode: evil, signals: { [evil]: 1 } })),
      })),
    })),
  }));
  const recipe = { description: evil, note: evil };
  const results = {
    ...named,
    name: evil,
    metric: evil,
    provenance: { ...named.provenance, command: evil, machine: evil, recipe },
  };
  for (const thumbnails of [async () => null, async () => picture]) {
    const page = await reportPage([run(results, { thumbnails })]);
    assert.doesNotMatch(page, /<script/i);
    assert.match(page, /&lt;script&gt;alert\(1\)/);
  }
  assert.doesNotMatch(await curveSvg(results), /<script/i);
});

test("every arm has the same colour in every chart, and random the neutral one", async () => {
  const results = sampleResults({ arms: 3, cycles: 2 });
  const page = await reportPage([run(results)]);
  for (const variable of ["--arm-baseline", "--arm-1", "--arm-2"])
    assert.ok(count(page, `stroke="var(${variable})"`) >= 4, variable);
  assert.doesNotMatch(page, /stroke="var\(--arm-3\)"/);
});

test("a cycle shows at most 24 of its pictures and says how many were picked", async () => {
  const page = await reportPage([run(sampleResults({ arms: 1, seeds: [0], cycles: 2 }))]);
  assert.equal(count(page, "<img "), 24);
  assert.match(page, /After cycle 1 \(100 labels\): 24 of 30 picks/);
});

test("a picture that cannot be had is named instead, and each is fetched once", async () => {
  const asked: string[] = [];
  const thumbnails = async (item: string) => {
    asked.push(item);
    return null;
  };
  const page = await reportPage([run(sampleResults({ arms: 2, cycles: 2 }), { thumbnails })]);
  assert.equal(count(page, "<img "), 0);
  assert.match(page, /<span class="missing">train\/\d+<\/span>/);
  assert.equal(new Set(asked).size, asked.length);
});

test("modes stand beside the pool's shares where both are known", async () => {
  const results = sampleResults({ arms: 1, seeds: [0], cycles: 2 });
  const poolModes = { easy: 0.5, small: 0.3, occluded: 0.1, "low contrast": 0.1 };
  const page = await reportPage([run(results, { poolModes })]);
  const easy = results.arms[0]!.seeds[0]!.cycles[0]!.picks.filter((pick) => pick.mode === "easy").length / 30;
  assert.ok(page.includes(`${(100 * easy).toFixed(0)} % <small>(${(easy / 0.5).toFixed(1)}×)</small>`));
  assert.doesNotMatch(await reportPage([run(results)]), />pool</);
});

test("arms without the module have no part in the loss charts", async () => {
  const plain = await reportPage([run(sampleResults({ arms: 1, cycles: 2 }))]);
  assert.doesNotMatch(plain, /Predicted and true loss|Ranking accuracy of/);
  const page = await reportPage([run(sampleResults({ arms: 2, cycles: 8 }))]);
  assert.equal(count(page, 'class="cloud"'), 6);
  assert.match(page, /800 labels; ranking/);
});

test("an ensemble stands in the table with its members, and what they reach together in a chart of its own", async () => {
  const results = withArms(sampleResults({ arms: 2, cycles: 2 }), (arm) => ({
    ...arm,
    ...(arm.name !== "random" && { members: 3, seeds: arm.seeds.map(withEnsembleMetric) }),
  }));
  const page = await reportPage([run(results)]);
  assert.match(page, /<td>random, 3 members<\/td>/);
  assert.match(page, /Test accuracy of the mean of an ensemble&#39;s members/);
  assert.doesNotMatch(await reportPage([run(sampleResults({ arms: 2, cycles: 2 }))]), /ensemble| members<\/td>/);
});

function withEnsembleMetric({ seed, cycles }: SeedResult): SeedResult {
  return { seed, cycles: cycles.map((cycle) => ({ ...cycle, ensembleMetric: cycle.metric + 0.02 })) };
}

test("portions of one experiment share a page section, different ones follow one another", async () => {
  const one = await reportPage([
    run(sampleResults({ seeds: [0], cycles: 2 })),
    run(sampleResults({ seeds: [1], cycles: 2 })),
  ]);
  assert.equal(count(one, "<article"), 1);
  assert.match(one, /<dt>seeds<\/dt><dd>0, 1<\/dd>/);
  const other = sampleResults({ arms: 1, cycles: 2 }, { name: "another" });
  const two = await reportPage([run(sampleResults({ cycles: 2 })), run(other)]);
  assert.equal(count(two, "<article"), 2);
  assert.match(two, /<title>made-up-small, another - Foreloss report<\/title>/);
});

test("a run that has only begun can be looked at", async () => {
  const begun = sampleResults({ cycles: 0 });
  const page = await reportPage([run({ ...begun, provenance: { ...begun.provenance, finished: null } })]);
  assert.match(page, /No cycle is finished yet\./);
  assert.match(page, /\(not finished\)/);
  assert.match(await reportPage([run(sampleResults({ cycles: 1, seeds: [0] }))]), /Learning curves/);
});

test("labels needed, who is ahead of whom and signs of stopping stand on the page, with what they mean", async () => {
  const results = sampleResults({ arms: 4, seeds: [0, 1, 2, 3, 4] });
  const page = await reportPage([run(results)]);
  const { share, low, high } = results.comparison.arms[3]!.labelsShares[2]!;
  assert.ok(page.includes(`${share!.toFixed(2)} <small>(${low!.toFixed(2)} to ${high!.toFixed(2)})</small>`));
  assert.match(page, /Share of cycles and seeds in which the row&#39;s arm is ahead/);
  assert.match(page, /seeds drawn anew 2,000 times/);
  assert.match(page, /Counted over 25 pairs/);
  assert.match(page, /<td>rising<\/td>/);
  assert.match(page, /<td>going on<\/td>/);
});

test("results of a version that knew neither agreement nor pool entropy are shown without them", async () => {
  const older = withArms(sampleResults({ arms: 2 }), (arm) => ({
    ...arm,
    seeds: arm.seeds.map((seed) => ({
      ...seed,
      cycles: seed.cycles.map(({ agreement: _agreement, poolEntropy: _entropy, ...cycle }) => cycle),
    })),
  }));
  const page = await reportPage([run(older)]);
  assert.match(page, /<td>not known<\/td><td>-<\/td>/);
});

test("a run of one arm and one cycle has nothing to say of labels saved or stopping", async () => {
  const page = await reportPage([run(sampleResults({ arms: 1, cycles: 1 }))]);
  assert.doesNotMatch(page, /Labels beside random|Would more labels help/);
});

test("the curve alone is an SVG with its own legend and colours", async () => {
  const svg = await curveSvg(sampleResults({ arms: 2, cycles: 3 }));
  assert.ok(svg.startsWith("<svg"));
  assert.doesNotMatch(svg, /var\(/);
  assert.match(svg, />random-with-module</);
  assert.match(svg, />made-up-small: mean and 95 % interval over 3 seeds</);
});
