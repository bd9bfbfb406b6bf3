// From runs and their data to the report: where its pictures come from.
import { drawnLabel } from "../core/drawing.ts";
import type { DetectionLabel } from "../core/labels.ts";
import type { Dataset, Split } from "../datasets/index.ts";
import { type ReportRun, writeReport } from "../experiments/report/write-report.ts";
import type { Results } from "../records/results.ts";

/** A run to be shown; without its data it is shown without pictures. */
export interface ShownRun {
  readonly results: Results;
  readonly dataset: Dataset<unknown> | null;
}

/** Longest side of the pictures in the report: large enough for screens with two dots per pixel. */
const thumbnailSidePx = 96;

export async function writeRunReport(runs: readonly ShownRun[], path: string): Promise<void> {
  await writeReport(runs.map(reportRun), path);
}

function reportRun({ results, dataset }: ShownRun): ReportRun {
  if (dataset === null) return { results, thumbnails: async () => null };
  const { train } = dataset;
  const positions = new Map(train.ids.map((id, position) => [id, position]));
  return {
    results,
    thumbnails: async (item) => {
      const position = positions.get(item);
      return position === undefined ? null : await train.thumbnail(position, thumbnailSidePx);
    },
    ...(results.task === "detection" && { drawings: drawingsOf(train as Split<DetectionLabel>, positions) }),
    ...(train.modes === undefined ? {} : { poolModes: modeShares(train.modes) }),
  };
}

function drawingsOf({ labels }: Split<DetectionLabel>, positions: ReadonlyMap<string, number>) {
  return (item: string) => {
    const position = positions.get(item);
    const label = position === undefined ? undefined : labels[position];
    return label === undefined ? null : drawnLabel(label);
  };
}

function modeShares(modes: readonly string[]): Record<string, number> {
  const shares: Record<string, number> = {};
  for (const mode of modes) shares[mode] = (shares[mode] ?? 0) + 1 / modes.length;
  return shares;
}
