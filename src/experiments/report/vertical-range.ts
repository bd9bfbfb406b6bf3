// What a chart shows from bottom to top. The means decide: with few seeds an interval can be many times wider than
// everything there is to see, and is then cut at the edge of the picture.

/** A point of a curve with its interval, in drawn units. */
export interface DrawnPoint {
  readonly labels: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Room beyond the means for their intervals, as a share of the means' own range. */
const roomShare = 0.5;

/** The lowest and highest value to show; `marked` values are always within, and nothing lies beyond `bounds`. */
export function verticalRange(
  points: readonly DrawnPoint[],
  marked: readonly number[],
  bounds: readonly [number, number],
): [number, number] {
  const kept = [...points.map((point) => point.mean), ...marked];
  const [lowest, highest] = [Math.min(...kept), Math.max(...kept)];
  const room = roomShare * (highest - lowest || Math.abs(highest) || 1);
  const low = Math.max(bounds[0], lowest - room, Math.min(lowest, ...points.map((point) => point.low)));
  const high = Math.min(bounds[1], highest + room, Math.max(highest, ...points.map((point) => point.high)));
  return low < high ? [low, high] : [lowest - room, highest + room];
}

/** The same band, cut at the edges of the range: where it crosses one, a point is put in and it goes on along the edge. */
export function cutBand(points: readonly DrawnPoint[], [bottom, top]: readonly [number, number]): DrawnPoint[] {
  const within = (value: number) => Math.min(top, Math.max(bottom, value));
  const whole = points.flatMap((point, i) =>
    i === 0 ? [point] : [...crossings(points[i - 1]!, point, bottom, top), point],
  );
  return whole.map((point) => ({ ...point, low: within(point.low), high: within(point.high) }));
}

/** Points between two where the lower or the upper edge of the band crosses a level, from left to right. */
function crossings(from: DrawnPoint, to: DrawnPoint, ...levels: readonly number[]): DrawnPoint[] {
  const shares = levels.flatMap((level) => [
    (level - from.low) / (to.low - from.low),
    (level - from.high) / (to.high - from.high),
  ]);
  const between = (a: number, b: number, share: number) => a + (b - a) * share;
  return shares
    .filter((share) => share > 0 && share < 1)
    .sort((a, b) => a - b)
    .map((share) => ({
      labels: between(from.labels, to.labels, share),
      mean: between(from.mean, to.mean, share),
      low: between(from.low, to.low, share),
      high: between(from.high, to.high, share),
    }));
}
