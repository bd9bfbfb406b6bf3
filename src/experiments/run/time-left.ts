// How far a run is and how long it still takes. Every piece of work has a weight (training steps); what a unit of weight
// costs is measured over this session, scoring and waiting included, however many pieces go on at a time.

export interface Overall {
  /** Share of the whole run that is done, in [0, 1]. */
  readonly share: number;
  /** Null before anything was measured. */
  readonly secondsLeft: number | null;
}

export interface TimeLeft {
  /** Notes that `share` of a piece is done, and gives where the run stands now. Unknown pieces weigh nothing. */
  reach(piece: string, share: number): Overall;
  now(): Overall;
}

/**
 * `pieces` are all pieces with their weights, `finished` those done in earlier sessions. `nowSeconds` is a clock that
 * never goes back.
 */
export function createTimeLeft(
  pieces: ReadonlyMap<string, number>,
  finished: Iterable<string>,
  nowSeconds: () => number,
): TimeLeft {
  const shares = new Map<string, number>();
  const weightOf = (piece: string) => pieces.get(piece) ?? 0;
  const total = [...pieces.values()].reduce((sum, weight) => sum + weight, 0);
  let done = 0;
  const move = (piece: string, share: number) => {
    done += weightOf(piece) * (share - (shares.get(piece) ?? 0));
    shares.set(piece, share);
  };
  for (const piece of finished) move(piece, 1);
  const [doneBefore, started] = [done, nowSeconds()];
  const now = () => {
    const rate = (done - doneBefore) / (nowSeconds() - started);
    const secondsLeft = rate > 0 && Number.isFinite(rate) ? Math.max(0, total - done) / rate : null;
    return { share: total === 0 ? 1 : Math.min(1, done / total), secondsLeft };
  };
  return {
    now,
    reach(piece, share) {
      move(piece, Math.max(share, shares.get(piece) ?? 0));
      return now();
    },
  };
}
