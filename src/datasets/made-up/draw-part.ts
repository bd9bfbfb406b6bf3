// One part of a made-up data set: which picture is drawn in which mode and of which class, and their bytes.
import { createRandom, permutation, type Random } from "../../core/random.ts";
import { rasterise } from "./rasterise.ts";
import type { Scene } from "./scene.ts";

export interface PartPlan<Mode, Label, Drawn extends Scene = Scene> {
  /** Of the data set; opens the names of its random streams. */
  readonly name: string;
  readonly part: "train" | "test";
  readonly seed: number;
  readonly sidePx: number;
  readonly modeNames: readonly Mode[];
  /** One per picture. */
  readonly modes: readonly Mode[];
  /** Number of classes that take turns. */
  readonly classes: number;
  readonly compose: (classIndex: number, mode: Mode, random: Random) => Drawn;
  readonly label: (scene: Drawn, classIndex: number) => Label;
}

export interface DrawnPart<Mode, Label> {
  readonly ids: readonly string[];
  readonly labels: readonly Label[];
  readonly modes: readonly Mode[];
  readonly pixels: Uint8Array; // [items, 3, sidePx, sidePx]
}

/** One picture per entry of `modes`, in random order. Within each mode the classes take turns. */
export function drawPart<Mode extends string, Label, Drawn extends Scene>(
  plan: PartPlan<Mode, Label, Drawn>,
): DrawnPart<Mode, Label> {
  const { name, part, seed, sidePx, modes, compose, label } = plan;
  const random = createRandom(seed, name, part);
  const planned = withClasses(plan);
  const items = [...permutation(modes.length, random.stream("order"))].map((i) => planned[i]!);
  const pictureBytes = 3 * sidePx * sidePx;
  const pixels = new Uint8Array(items.length * pictureBytes);
  const labels = items.map(({ mode, classIndex }, i) => {
    const own = random.stream(i);
    const scene = compose(classIndex, mode, own);
    rasterise(scene, own, pixels.subarray(i * pictureBytes, (i + 1) * pictureBytes));
    return label(scene, classIndex);
  });
  const ids = items.map((_, i) => `${part}/${String(i).padStart(5, "0")}`);
  return { ids, labels, modes: items.map(({ mode }) => mode), pixels };
}

/** The modes begin their turns at different classes, so that small sets are balanced over classes too. */
function withClasses<Mode extends string>({
  modes,
  modeNames,
  classes,
}: Pick<PartPlan<Mode, unknown>, "modes" | "modeNames" | "classes">) {
  const drawn = new Map<Mode, number>();
  return modes.map((mode) => {
    const turn = drawn.get(mode) ?? 3 * modeNames.indexOf(mode);
    drawn.set(mode, turn + 1);
    return { mode, classIndex: turn % classes };
  });
}
