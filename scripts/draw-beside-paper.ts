// Draws kept results beside the paper's curves: `node scripts/draw-beside-paper.ts results/NAME` writes beside-paper.svg there.
// Unbroken lines are ours, dotted ones the paper's (results/paper-cifar10.json).
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { compareArms } from "../src/experiments/compare.ts";
import { armLooks } from "../src/experiments/report/arm-looks.ts";
import { lineChart } from "../src/experiments/report/charts.ts";
import { parseResults } from "../src/records/read-results.ts";
import { writeFileAtomic } from "../src/records/write-file-atomic.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("usage: node scripts/draw-beside-paper.ts results/NAME");

const figures = z.array(z.number());
const curves = z.object({ labels: figures, arms: z.record(z.string(), figures) });
const paper = curves.parse(JSON.parse(await readFile("results/paper-cifar10.json", "utf8")));
const path = join(folder, "results.json");
const { name, metric, arms } = parseResults(await readFile(path, "utf8"), path);

const ours = compareArms(arms).arms.filter(({ arm }) => arm in paper.arms);
const most = Math.max(...ours.flatMap(({ curve }) => curve.map(({ labels }) => labels)));
const looks = armLooks(Object.keys(paper.arms), new Set(["random"]));
const point = (labels: number, mean: number) => ({ labels, metric: { mean, low: null, high: null, count: 1 } });
const series = ours.flatMap(({ arm, curve }) => {
  const look = { ...looks.get(arm)!, dash: [1, 0] };
  const theirs = paper.arms[arm]!.map((mean, i) => point(paper.labels[i]!, mean)).filter(
    ({ labels }) => labels <= most,
  );
  return [
    { arm, look, curve },
    { arm: `${arm}, paper`, look: { ...look, dash: [1, 3] }, curve: theirs },
  ];
});
const title = `${name} and the paper (dotted)`;
const svg = await lineChart({ series, yTitle: `${metric}, %`, scale: 100, standalone: { title } });
await writeFileAtomic(join(folder, "beside-paper.svg"), svg);
