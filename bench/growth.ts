// node bench/growth.ts [--most-items 1000000 --out <file.json>]: how the time of choosing grows with items, dimensions and picks.
// Writes what was measured, and a chart of it beside; what is measured by then stays when it is stopped.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { parseJson } from "../src/records/parse-json.ts";
import { writeFileAtomic } from "../src/records/write-file-atomic.ts";
import { runContender, runScript } from "./contender-process.ts";
import { growthChart, powers } from "./growth-chart.ts";
import { axes, type Growth, growthSchema, pointsAlong, type Sizes } from "./growth-points.ts";
import { describeCommit, describeMachine } from "./machine.ts";
import { inTemporaryFolder } from "./temporary-folder.ts";

const text = { type: "string" } as const;
const { values: options } = parseArgs({
  options: {
    strategies: { ...text, default: "core-set,k-means" },
    "most-items": { ...text, default: "10000000" },
    "most-dimensions": { ...text, default: "2048" },
    "most-picks": { ...text, default: "10000" },
    threads: { ...text, default: "2" },
    /** How long each process goes on with timed calls; one at least. */
    seconds: { ...text, default: "5" },
    out: { ...text, default: "growth.json" },
    /** Only the chart, of what was measured before. */
    draw: text,
  },
});
const environment = {};

async function measured(sizes: Sizes): Promise<Omit<Growth[number], "along">[]> {
  const { items, dimensions, picks } = sizes;
  return await inTemporaryFolder(async (folder) => {
    const inputs = join(folder, "inputs");
    const numbers = { items, dimensions, labelled: 0, classes: 0, clusters: 1 };
    const made = Object.entries(numbers).flatMap(([key, value]) => [`--${key}`, String(value)]);
    const make = { script: "ours/make-choose-inputs.ts", options: [...made, "--out", inputs] };
    await runScript(make, { environment, pythonPath: undefined });
    const all: Omit<Growth[number], "along">[] = [];
    for (const strategy of options.strategies.split(",")) all.push({ strategy, ...sizes, ...(await time(strategy)) });
    return all;

    async function time(strategy: string) {
      const own = ["--strategy", strategy, "--count", String(picks)];
      const contender = { name: strategy, script: "ours/choose.ts", options: own };
      const { threads, seconds: goOn } = options;
      const setting = { inputs, threads: Number(threads), seconds: Number(goOn), environment, pythonPath: undefined };
      const { seconds, peakMemoryBytes } = await runContender(contender, setting);
      return { seconds: seconds.toSorted((a, b) => a - b)[seconds.length >> 1]!, peakMemoryBytes };
    }
  });
}

async function measure(): Promise<void> {
  const most = {
    items: Number(options["most-items"]),
    dimensions: Number(options["most-dimensions"]),
    picks: Number(options["most-picks"]),
  };
  const machine = describeMachine();
  const command = `node bench/growth.ts ${process.argv.slice(2).join(" ")}`;
  const growth: Growth = [];
  for (const along of axes) {
    for (const sizes of pointsAlong(along, most)) {
      for (const point of await measured(sizes)) {
        growth.push({ along, ...point });
        console.log(`${along}: ${JSON.stringify(point)}`);
      }
      const record = { command, finished: new Date().toISOString(), commit: describeCommit(), machine, growth };
      await writeFileAtomic(options.out, `${JSON.stringify(record, null, 2)}\n`);
      await draw(growth, options.out);
    }
    console.log(
      powers(
        along,
        growth.filter((point) => point.along === along),
      ).join("\n"),
    );
  }
}

async function draw(growth: Growth, path: string): Promise<void> {
  await writeFileAtomic(path.replace(/(?:\.json)?$/, ".svg"), await growthChart(growth));
}

if (options.draw === undefined) await measure();
else {
  const record = z
    .object({ growth: growthSchema })
    .parse(parseJson(await readFile(options.draw, "utf8"), options.draw));
  await draw(record.growth, options.draw);
}
