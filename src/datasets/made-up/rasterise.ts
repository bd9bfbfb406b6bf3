// Draws a scene as bytes. Edges are smooth: coverage is exact along a row and sampled at four heights within it.
import type { Random } from "../../core/random.ts";
import type { Background, Colour, Outline, Scene, SceneObject } from "./scene.ts";

const heightsPerRow = 4;

/** Draws the scene into `into`, [3, sidePx, sidePx] bytes. `random` gives the noise. */
export function rasterise(scene: Scene, random: Random, into: Uint8Array): void {
  const { sidePx } = scene;
  const picture = new Float32Array(3 * sidePx * sidePx);
  paintBackground(scene.background, sidePx, picture);
  for (const object of scene.objects) paintObject(object, sidePx, picture);
  addNoise(picture, sidePx * sidePx, scene.noise, random);
  for (let i = 0; i < picture.length; i++) into[i] = Math.min(255, Math.max(0, Math.round(picture[i]!)));
}

function paintBackground({ from, to, direction, stripes }: Background, sidePx: number, picture: Float32Array): void {
  const area = sidePx * sidePx;
  const along = ramp(direction, 1 / sidePx);
  const across = ramp(stripes.direction, (2 * Math.PI) / stripes.wavelengthPx);
  for (let i = 0; i < area; i++) {
    const x = (i % sidePx) + 0.5 - sidePx / 2;
    const y = Math.floor(i / sidePx) + 0.5 - sidePx / 2;
    const share = 0.5 + (x * along.x + y * along.y) / Math.SQRT2;
    const stripe = stripes.strength * Math.sin(x * across.x + y * across.y);
    for (let c = 0; c < 3; c++) picture[c * area + i] = from[c]! + share * (to[c]! - from[c]!) + stripe;
  }
}

function ramp(direction: number, perPx: number): { x: number; y: number } {
  return { x: Math.cos(direction) * perPx, y: Math.sin(direction) * perPx };
}

function paintObject({ outline, box, colour }: SceneObject, sidePx: number, picture: Float32Array): void {
  const coverage = new Float32Array(sidePx);
  const lastRow = Math.min(sidePx, Math.ceil(box.bottom));
  for (let row = Math.max(0, Math.floor(box.top)); row < lastRow; row++) {
    coverRow(outline, row, coverage);
    blendRow(coverage, colour, row * sidePx, sidePx * sidePx, picture);
  }
}

/** Share of each pixel of a row that lies inside the outline. */
function coverRow(outline: Outline, row: number, coverage: Float32Array): void {
  coverage.fill(0);
  for (let i = 0; i < heightsPerRow; i++) {
    const xs = crossings(outline, row + (i + 0.5) / heightsPerRow);
    for (let at = 0; at + 1 < xs.length; at += 2) coverSpan(xs[at]!, xs[at + 1]!, coverage);
  }
}

/** Where a horizontal line crosses the polygons, from left to right. */
function crossings(outline: Outline, y: number): number[] {
  const xs: number[] = [];
  for (const polygon of outline) {
    for (let i = 0; i < polygon.length; i++) {
      const a = polygon[i]!;
      const b = polygon[i + 1 === polygon.length ? 0 : i + 1]!;
      if (a.y <= y !== b.y <= y) xs.push(a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x));
    }
  }
  return xs.sort((left, right) => left - right);
}

function coverSpan(left: number, right: number, coverage: Float32Array): void {
  const end = Math.min(coverage.length, Math.ceil(right));
  for (let x = Math.max(0, Math.floor(left)); x < end; x++) {
    coverage[x]! += (Math.min(right, x + 1) - Math.max(left, x)) / heightsPerRow;
  }
}

function blendRow(coverage: Float32Array, colour: Colour, start: number, area: number, picture: Float32Array): void {
  for (let c = 0; c < 3; c++) {
    for (let x = 0; x < coverage.length; x++) {
      const at = c * area + start + x;
      picture[at]! += coverage[x]! * (colour[c]! - picture[at]!);
    }
  }
}

/** Uniform noise, independent per pixel and channel: the three channels share the bits of one number. */
function addNoise(picture: Float32Array, area: number, amplitude: number, random: Random): void {
  for (let i = 0; i < area; i++) {
    const bits = random.integer(2 ** 30);
    for (let c = 0; c < 3; c++) {
      picture[c * area + i]! += amplitude * (((bits >> (10 * c)) & 1023) / 511.5 - 1);
    }
  }
}
