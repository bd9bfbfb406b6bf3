// Heat maps: one per joint, drawn by the model for every person. Pixel (i, j) of a map stands for the place (i + 1/2,
// j + 1/2) in the map's own coordinates, which run from 0 at its left and upper edges, as pictures' do.

/** Heat maps of `count` persons, row after row. */
export interface HeatMaps {
  readonly count: number;
  readonly joints: number;
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array; // [count, joints, height, width]
}

/** The map of one joint of one person. */
export function mapOf(maps: HeatMaps, person: number, joint: number): Float32Array {
  const area = maps.width * maps.height;
  const start = (person * maps.joints + joint) * area;
  return maps.values.subarray(start, start + area);
}

/** Position of the highest value; the first among equals. */
export function highest(map: Float32Array): number {
  let best = 0;
  for (let i = 1; i < map.length; i++) if (map[i]! > map[best]!) best = i;
  return best;
}

/**
 * The mean of the maps of some pictures and of the same pictures mirrored left to right. `mirrorOf` names for each joint
 * the one it becomes in a mirror: left and right swapped, others themselves.
 */
export function mergeMirrored(maps: HeatMaps, mirrored: HeatMaps, mirrorOf: readonly number[]): HeatMaps {
  const { count, joints, width, height } = maps;
  const values = new Float32Array(maps.values.length);
  for (let row = 0; row < count * joints * height; row++) {
    const y = row % height;
    const joint = Math.floor(row / height) % joints;
    const person = Math.floor(row / (height * joints));
    const own = row * width;
    const other = ((person * joints + mirrorOf[joint]!) * height + y) * width + width - 1;
    for (let x = 0; x < width; x++) values[own + x] = (maps.values[own + x]! + mirrored.values[other - x]!) / 2;
  }
  return { ...maps, values };
}
