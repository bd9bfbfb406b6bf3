// Experiments: a recipe carried out over its arms and seeds, the arms compared, the report.
export { compareArms } from "./compare.ts";
export { comparisonTable } from "./report/comparison-table.ts";
export { type Summary, summarise } from "./report/summary.ts";
export { type ReportRun, reportPage, writeReport } from "./report/write-report.ts";
export { carryOut } from "./run/carry-out.ts";
export type { RunEvent } from "./run/events.ts";
export type { RunOptions } from "./run/run-options.ts";
export type { LearnerFactory } from "./run/work.ts";
