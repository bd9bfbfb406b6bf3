// Priors of a single-shot detector (Liu et al., "SSD", ECCV 2016, section 2.2): around the middle of every cell of every
// map stand boxes of a few sizes and shapes, and the net says for each which class it holds and how to move it.

/** What stands in every cell of one square feature map. Lengths are pixels of the net's input. */
export interface PriorMap {
  /** Cells along each side. */
  readonly cells: number;
  /** From the middle of one cell to the next. */
  readonly stepPx: number;
  /** Side of the square prior, and the length that the other shapes are drawn from. */
  readonly minPx: number;
  /** A second square has the geometric mean of `minPx` and `maxPx` for its side. */
  readonly maxPx: number;
  /** Width over height; each stands lying (r) and upright (1/r). */
  readonly ratios: readonly number[];
}

/** Side of the input of SSD300. */
export const ssd300SidePx = 300;

/** The six maps of SSD300 with the paper's PASCAL VOC settings: 8,732 priors. */
export const ssd300Maps: readonly PriorMap[] = [
  { cells: 38, stepPx: 8, minPx: 30, maxPx: 60, ratios: [2] },
  { cells: 19, stepPx: 16, minPx: 60, maxPx: 111, ratios: [2, 3] },
  { cells: 10, stepPx: 32, minPx: 111, maxPx: 162, ratios: [2, 3] },
  { cells: 5, stepPx: 64, minPx: 162, maxPx: 213, ratios: [2, 3] },
  { cells: 3, stepPx: 100, minPx: 213, maxPx: 264, ratios: [2] },
  { cells: 1, stepPx: 300, minPx: 264, maxPx: 315, ratios: [2] },
];

export interface SpacedMaps {
  readonly sidePx: number;
  /** Cells along each side of every map, from the finest. */
  readonly cells: readonly number[];
  /** `minPx` of the first and of the last map as shares of the side. */
  readonly smallest: number;
  readonly largest: number;
  /** The same for every map. */
  readonly ratios: readonly number[];
}

/** Maps whose sizes lie evenly from the smallest to the largest (eq. 4), their cells spread over the whole input. */
export function spacedMaps({ sidePx, cells, smallest, largest, ratios }: SpacedMaps): PriorMap[] {
  const apart = cells.length > 1 ? (largest - smallest) / (cells.length - 1) : 0;
  const sizePx = (k: number) => sidePx * (smallest + k * apart);
  const afterPx = (k: number) => (cells.length > 1 ? sizePx(k + 1) : sidePx * largest);
  return cells.map((count, k) => ({
    cells: count,
    stepPx: sidePx / count,
    minPx: sizePx(k),
    maxPx: afterPx(k),
    ratios,
  }));
}

/** How many priors stand in each cell of a map: two squares, and two of every ratio. */
export function priorsPerCell(map: PriorMap): number {
  return 2 + 2 * map.ratios.length;
}

/**
 * All priors as centre x, centre y, width, height in shares of the input's side, [priors, 4]: map after map, row after
 * row, cell after cell; in a cell the small square, the large one, then each ratio lying and upright. No value exceeds 1:
 * as in the published code, sizes and centres that come out larger are cut to it.
 */
export function createPriors(sidePx: number, maps: readonly PriorMap[]): Float32Array {
  maps.forEach(checkMap);
  const count = maps.reduce((sum, map) => sum + map.cells ** 2 * priorsPerCell(map), 0);
  const priors = new Float32Array(4 * count);
  let at = 0;
  for (const map of maps) {
    const sizes = sizesOf(map, sidePx);
    for (let cell = 0; cell < map.cells ** 2; cell++) {
      const x = (((cell % map.cells) + 0.5) * map.stepPx) / sidePx;
      const y = ((Math.floor(cell / map.cells) + 0.5) * map.stepPx) / sidePx;
      for (const [width, height] of sizes) {
        priors.set([Math.min(x, 1), Math.min(y, 1), Math.min(width, 1), Math.min(height, 1)], at);
        at += 4;
      }
    }
  }
  return priors;
}

/** Width and height of the priors of a cell, in shares of the side. */
function sizesOf({ minPx, maxPx, ratios }: PriorMap, sidePx: number): [number, number][] {
  const small = minPx / sidePx;
  const large = Math.sqrt(minPx * maxPx) / sidePx;
  const lying = ratios.map((ratio): [number, number] => [small * Math.sqrt(ratio), small / Math.sqrt(ratio)]);
  return [
    [small, small],
    [large, large],
    ...lying.flatMap(([w, h]): [number, number][] => [
      [w, h],
      [h, w],
    ]),
  ];
}

function checkMap(map: PriorMap, k: number): void {
  const { cells, stepPx, minPx, maxPx, ratios } = map;
  const sound = Number.isInteger(cells) && [cells, stepPx, minPx, maxPx, ...ratios].every((n) => n > 0 && n < 1e6);
  if (!sound) {
    throw new RangeError(`createPriors: map ${k} is ${JSON.stringify(map)}; cells must be whole, all figures above 0`);
  }
}
