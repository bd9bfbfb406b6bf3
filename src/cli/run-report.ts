// From runs and their data to the report: where its pictures come from.
import { type Drawing, drawnLabel, drawnPose } from "../core/drawing.ts";
import type { DetectionLabel, PoseLabel } from "../core/labels.ts";
import type { Dataset } from "../datasets/index.ts";
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
    ...drawingsOf(results, dataset, positions),
    ...(train.modes === undefined ? {} : { poolModes: modeShares(train.modes) }),
  };
}

/** What is known of the items, where the task has something to draw. */
function drawingsOf(
  { task }: Results,
  { train: { labels }, skeleton }: Dataset<unknown>,
  positions: ReadonlyMap<string, number>,
): Pick<ReportRun, "drawings"> {
  const draw = task === "detection" ? drawnLabel : poseDrawing(skeleton);
  if (task === "classification" || draw === undefined) return {};
  return {
    drawings: (item) => {
      const position = positions.get(item);
      const label = position === undefined ? undefined : labels[position];
      return label === undefined ? null : draw(label as DetectionLabel & PoseLabel);
    },
  };
}

function poseDrawing(skeleton: Dataset<unknown>["skeleton"]): ((label: PoseLabel) => Drawing) | undefined {
  return skeleton === undefined ? undefined : (label) => drawnPose(label, skeleton);
}

function modeShares(modes: readonly string[]): Record<string, number> {
  const shares: Record<string, number> = {};
  for (const mode of modes) shares[mode] = (shares[mode] ?? 0) + 1 / modes.length;
  return shares;
}
