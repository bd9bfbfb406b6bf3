// Affine maps of the plane, as pictures and what is labelled in them are moved: x' = a x + b y + c, y' = d x + e y + f.

export interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

/** Where a point goes. */
export function moved({ a, b, c, d, e, f }: Affine, x: number, y: number): { x: number; y: number } {
  return { x: a * x + b * y + c, y: d * x + e * y + f };
}

/** First `first`, then `second`. */
export function followedBy(first: Affine, second: Affine): Affine {
  const offset = moved(second, first.c, first.f);
  return {
    a: second.a * first.a + second.b * first.d,
    b: second.a * first.b + second.b * first.e,
    c: offset.x,
    d: second.d * first.a + second.e * first.d,
    e: second.d * first.b + second.e * first.e,
    f: offset.y,
  };
}

/** The map that takes everything back. Throws a `RangeError` for one that flattens the plane. */
export function inverse({ a, b, c, d, e, f }: Affine): Affine {
  const determinant = a * e - b * d;
  if (determinant === 0) throw new RangeError("inverse: the map flattens the plane");
  const back = { a: e / determinant, b: -b / determinant, d: -d / determinant, e: a / determinant };
  return { ...back, c: -(back.a * c + back.b * f), f: -(back.d * c + back.e * f) };
}
