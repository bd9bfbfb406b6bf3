// Human pose: training steps and scoring of stacked hourglasses.
import { netRows } from "./net-rows.ts";
import type { Row } from "./row.ts";

export const rows: readonly Row[] = [
  ...netRows({ net: "hourglass", model: "hourglass of two stacks, width 256, 256x256", batch: 6 }),
  ...netRows({ net: "hourglass-small", model: "hourglass of two stacks, width 64, 128x128", batch: 16 }),
];
