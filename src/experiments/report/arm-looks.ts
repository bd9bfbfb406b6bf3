// How each arm looks, the same in every chart and table: colour, marker and dash together, so that nothing rests on
// colour alone. Colours after Okabe and Ito (2008), darkened for white paper and lightened for dark screens.

export interface ArmLook {
  /** Colour on light and on dark ground, and the style sheet's variable that is one or the other. */
  readonly light: string;
  readonly dark: string;
  readonly variable: string;
  /** Marker as an SVG path in the square from (-1, -1) to (1, 1). */
  readonly marker: string;
  /** Dash lengths of the line in px; [1, 0] is unbroken. */
  readonly dash: readonly number[];
}

const circle = "M0.9,0A0.9,0.9,0,1,1,-0.9,0A0.9,0.9,0,1,1,0.9,0Z";
const square = "M-0.8,-0.8H0.8V0.8H-0.8Z";
const diamond = "M0,-1.1L1,0L0,1.1L-1,0Z";
const up = "M0,-1L1,0.8H-1Z";
const down = "M0,1L1,-0.8H-1Z";
const cross = "M-0.35,-1H0.35V-0.35H1V0.35H0.35V1H-0.35V0.35H-1V-0.35H-0.35Z";
const solid = [1, 0];

const baselineLook: ArmLook = look("baseline", "#4d4d4d", "#c4c4c4", circle, [6, 4]);

const palette: readonly ArmLook[] = [
  look("1", "#0072b2", "#56b4e9", square, solid),
  look("2", "#c84e00", "#ff9457", diamond, solid),
  look("3", "#00805e", "#35cf9f", up, solid),
  look("4", "#a8508a", "#e79ccb", down, solid),
  look("5", "#8f6a00", "#ecc14a", cross, solid),
  look("6", "#5b3fa6", "#b3a1f2", circle, [8, 3, 2, 3]),
  look("7", "#007a87", "#5fd3dd", square, [3, 2]),
  look("8", "#9b1c31", "#ff8b98", diamond, [8, 3]),
];

/** All looks, for the style sheet. */
export const allLooks: readonly ArmLook[] = [baselineLook, ...palette];

function look(key: string, light: string, dark: string, marker: string, dash: readonly number[]): ArmLook {
  return { light, dark, variable: `--arm-${key}`, marker, dash };
}

/** A look for every name: grey and dashed for baselines, the palette in order (and from the front again) for the others. */
export function armLooks(names: Iterable<string>, baselines: ReadonlySet<string>): ReadonlyMap<string, ArmLook> {
  const looks = new Map<string, ArmLook>();
  let used = 0;
  for (const name of names) {
    if (looks.has(name)) continue;
    looks.set(name, baselines.has(name) ? baselineLook : palette[used++ % palette.length]!);
  }
  return looks;
}
