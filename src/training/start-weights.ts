// Weights with torchvision's names as a start: everything that the file and the model share. What the model has and a
// classifier of pictures has not, or in another size, starts at random: which parts that may be stands in a table.
import { ForelossError } from "../core/errors.ts";
import { ssd300FromVgg } from "../models/vgg-weights.ts";
import { averagePrefix } from "../nn/optimiser.ts";
import { readSafetensors, type TensorToStore } from "../nn/safetensors.ts";
import type { ModelRecipe } from "../records/recipe-model.ts";
import type { Net } from "./net.ts";

interface Source {
  /** Names that start at random where the file has nothing that fits. */
  readonly mayDiffer: RegExp;
  /** The file's tensors by the model's names. */
  readonly convert?: (tensors: ReadonlyMap<string, TensorToStore>) => ReadonlyMap<string, TensorToStore>;
  readonly hint?: string;
}

/** A 7x7 stem does not fit a 3x3 one, and the last layer of a classifier is for its own classes. */
const sources: Readonly<Record<ModelRecipe["kind"], Source>> = {
  resnet18: { mayDiffer: /^(conv1|fc)\./ },
  "ssd-resnet18": { mayDiffer: /^(conv1|extra|heads)\./ },
  hourglass: { mayDiffer: /^score_?\./ },
  "ssd300-vgg16": {
    mayDiffer: /^(conv\d+_|heads)/,
    convert: ssd300FromVgg,
    hint: "It takes a whole VGG-16: features.*, and classifier.0 and classifier.3, of which fc6 and fc7 are made.",
  },
};

export async function loadStartWeights<Label>(net: Net<Label>, kind: ModelRecipe["kind"], path: string): Promise<void> {
  const { mayDiffer, convert, hint } = sources[kind];
  const options = hint === undefined ? {} : { hint };
  const { tensors: written } = await readSafetensors(path);
  const tensors = convert?.(written) ?? written;
  for (const [name, entry] of net.entries) {
    if (name.includes("/") || name.startsWith("loss_prediction.")) continue;
    const found = tensors.get(name);
    const fits = found !== undefined && found.shape.join() === entry.shape.join();
    if (!fits && mayDiffer.test(name)) continue;
    if (found === undefined)
      throw new ForelossError(`${path}: tensor "${name}" is missing; names are torchvision's`, options);
    if (!fits)
      throw new ForelossError(
        `${path}: "${name}" has shape [${found.shape}], this model's is [${entry.shape}]`,
        options,
      );
    await net.state.write(name, found.values);
    if (net.entries.has(averagePrefix + name)) await net.state.write(averagePrefix + name, found.values);
  }
}
