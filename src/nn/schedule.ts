// Learning-rate schedules: pure functions of how far the training is.

export type Schedule =
  | { readonly kind: "constant" }
  | { readonly kind: "step"; readonly at: readonly number[]; readonly factor: number }
  | { readonly kind: "cosine"; readonly warmUp: number }
  | { readonly kind: "one-cycle"; readonly warmUp: number };

/**
 * Learning rate at `step` (from 0) of `total`. `step` multiplies by `factor` at each share of the training in `at`;
 * `cosine` falls from the peak to 0 on half a cosine after a linear warm-up (Loshchilov & Hutter 2017); `one-cycle` rises
 * linearly from peak / 25 and falls linearly to 0 (Smith & Topin 2018). `warmUp` is a share of the training.
 */
export function learningRateAt(schedule: Schedule, peak: number, step: number, total: number): number {
  const done = step / total;
  switch (schedule.kind) {
    case "constant":
      return peak;
    case "step":
      return peak * schedule.factor ** schedule.at.filter((share) => done >= share).length;
    case "cosine":
      return done < schedule.warmUp
        ? (peak * (step + 1)) / (schedule.warmUp * total + 1)
        : (peak / 2) * (1 + Math.cos(Math.PI * fallen(done, schedule.warmUp)));
    case "one-cycle":
      return done < schedule.warmUp
        ? peak * (1 / 25 + (24 / 25) * (done / schedule.warmUp))
        : peak * (1 - fallen(done, schedule.warmUp));
  }
}

/** How much of the way after the warm-up is over, in [0, 1). */
function fallen(done: number, warmUp: number): number {
  return (done - warmUp) / Math.max(1e-9, 1 - warmUp);
}
