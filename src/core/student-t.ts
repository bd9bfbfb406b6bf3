// Student's t distribution, for intervals and tests over few seeds. Both directions rest on one function, the regularised
// incomplete beta function, so any number of degrees of freedom is allowed and small p-values keep their digits.

/** Lanczos' series with g = 7 and nine terms (C. Lanczos 1964; coefficients by P. Godfrey 2001): relative error about 1e-15. */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Natural logarithm of the gamma function, for x >= 0.5. */
function logGamma(x: number): number {
  const shifted = x - 1;
  const series = lanczos.reduce((sum, coefficient, i) => (i === 0 ? coefficient : sum + coefficient / (shifted + i)));
  const t = shifted + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(series);
}

/**
 * Continued fraction of the incomplete beta function (DLMF 8.17.22) by Lentz's method as modified by Thompson and Barnett
 * (1986). Converges within a few dozen terms for x < (a + 1) / (a + b + 2).
 */
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let last = 1;
    for (const numerator of [even, odd]) {
      d = 1 / away(1 + numerator * d);
      c = away(1 + numerator / c);
      last = c * d;
      fraction *= last;
    }
    if (Math.abs(last - 1) < 1e-16) break;
  }
  return fraction;
}

/** Regularised incomplete beta function I_x(a, b) (DLMF 8.17.2); `rest` is 1 - x, given apart so that no digits are lost. */
function regularisedBeta(a: number, b: number, x: number, rest: number): number {
  if (x <= 0) return 0;
  if (rest <= 0) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularisedBeta(b, a, rest, x);
  const logFront = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(rest);
  return (Math.exp(logFront) * betaFraction(a, b, x)) / a;
}

/** Probability that |T| exceeds |t|: the p-value of a two-sided t-test. `degreesOfFreedom` > 0 need not be whole. */
export function studentTTwoSided(t: number, degreesOfFreedom: number): number {
  checkDegrees(degreesOfFreedom);
  if (Number.isNaN(t)) throw new RangeError("studentTTwoSided: t is not a number");
  if (!Number.isFinite(t)) return 0;
  const all = degreesOfFreedom + t * t;
  return regularisedBeta(degreesOfFreedom / 2, 0.5, degreesOfFreedom / all, (t * t) / all);
}

/** The t below which T lies with this probability, 0 < probability < 1; by bisection down to the last bit. */
export function studentTQuantile(probability: number, degreesOfFreedom: number): number {
  checkDegrees(degreesOfFreedom);
  if (!(probability > 0 && probability < 1)) {
    throw new RangeError(`studentTQuantile: probability ${probability} is not between 0 and 1`);
  }
  if (probability < 0.5) return -studentTQuantile(1 - probability, degreesOfFreedom);
  const outside = 2 * (1 - probability);
  let low = 0;
  let high = 1;
  while (studentTTwoSided(high, degreesOfFreedom) > outside) high *= 2;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (studentTTwoSided(middle, degreesOfFreedom) > outside) low = middle;
    else high = middle;
  }
}

function checkDegrees(degreesOfFreedom: number): void {
  if (!(degreesOfFreedom > 0)) throw new RangeError(`Student's t: ${degreesOfFreedom} degrees of freedom`);
}
