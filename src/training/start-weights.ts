// Weights with torchvision's names as a start: everything the file and the model share in name and shape. The first
// convolution (a 7x7 stem does not fit a 3x3 one) and the last layer (other classes) may differ and then start at random.
import { ForelossError } from "../core/errors.ts";
import { averagePrefix } from "../nn/optimiser.ts";
import { readSafetensors } from "../nn/safetensors.ts";
import type { Net } from "./net.ts";

const mayDiffer = /^(conv1|fc)\./;

export async function loadStartWeights<Label>(net: Net<Label>, path: string): Promise<void> {
  const { tensors } = await readSafetensors(path);
  for (const [name, entry] of net.entries) {
    if (name.includes("/") || name.startsWith("loss_prediction.")) continue;
    const found = tensors.get(name);
    const fits = found !== undefined && found.shape.join() === entry.shape.join();
    if (!fits && mayDiffer.test(name)) continue;
    if (found === undefined) throw new ForelossError(`${path}: tensor "${name}" is missing; names are torchvision's`);
    if (!fits)
      throw new ForelossError(`${path}: "${name}" has shape [${found.shape}], this model's is [${entry.shape}]`);
    await net.state.write(name, found.values);
    if (net.entries.has(averagePrefix + name)) await net.state.write(averagePrefix + name, found.values);
  }
}
