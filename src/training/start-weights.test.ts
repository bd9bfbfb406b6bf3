// Weights with torchvision's names as the start of a net.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { createRandom } from "../core/random.ts";
import { averagePrefix, momentumPrefix } from "../nn/optimiser.ts";
import { encodeSafetensors, type TensorToStore } from "../nn/safetensors.ts";
import { trainingSchema } from "../records/recipe-training.ts";
import { classificationTask } from "../tasks/classification/task.ts";
import { openEngine } from "./engines.ts";
import { Net } from "./net.ts";
import { loadStartWeights } from "./start-weights.ts";

const folder = await mkdtemp(join(tmpdir(), "foreloss-start-"));
after(() => rm(folder, { recursive: true }));

function openNet(seed: number, classes = 6): Promise<Net<number>> {
  return openEngine("reference", { threads: 1, precision: "auto" }).then((backend) =>
    Net.open(
      {
        backend,
        task: classificationTask({ classes, width: 2, normalisation: { mean: [0, 0, 0], deviation: [1, 1, 1] } }),
        imageSize: { channels: 3, width: 8, height: 8 },
        training: trainingSchema.parse({ batch: 2, steps: 1, averaging: { decay: 0.9 } }),
      },
      createRandom(seed),
    ),
  );
}

/** What another program would have: the model's own tensors, by their plain names. */
async function weightsOf(net: Net<number>): Promise<Map<string, TensorToStore>> {
  const own = [...net.entries.keys()].filter((name) => !name.includes("/") && !name.startsWith("loss_prediction."));
  return new Map(await Promise.all(own.map(async (name) => [name, await net.state.read(name)] as const)));
}

async function put(name: string, tensors: ReadonlyMap<string, TensorToStore>): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, encodeSafetensors(tensors));
  return path;
}

test("every tensor of the file becomes the net's, its moving average starts there too, and the module keeps its own", async () => {
  const [source, net] = [await openNet(1), await openNet(2)];
  const weights = await weightsOf(source);
  const path = await put("whole.safetensors", weights);
  const untouched = [...net.entries.keys()].filter(
    (name) => name.includes("loss_prediction.") || name.startsWith(momentumPrefix),
  );
  const before = await Promise.all(untouched.map((name) => net.state.read(name)));
  await loadStartWeights(net, "resnet18", path);
  for (const [name, { values }] of weights) {
    assert.deepEqual((await net.state.read(name)).values, values, name);
    assert.deepEqual((await net.state.read(averagePrefix + name)).values, values, averagePrefix + name);
  }
  assert.deepEqual(await Promise.all(untouched.map((name) => net.state.read(name))), before);
});

test("a last layer for other classes and a first convolution of another size are left at random", async () => {
  const [source, net] = [await openNet(1, 10), await openNet(2, 6)];
  const weights = await weightsOf(source);
  weights.set("conv1.weight", { shape: [2, 3, 7, 7], values: new Float32Array(2 * 3 * 49) });
  const before = await weightsOf(net);
  await loadStartWeights(net, "resnet18", await put("other.safetensors", weights));
  const after = await weightsOf(net);
  for (const name of ["conv1.weight", "fc.weight", "fc.bias"]) assert.deepEqual(after.get(name), before.get(name));
  assert.deepEqual(after.get("layer4.1.conv2.weight")!.values, weights.get("layer4.1.conv2.weight")!.values);
});

test("a tensor that is missing or has another shape is named, with the file", async () => {
  const net = await openNet(2);
  const weights = await weightsOf(await openNet(1));
  const { values } = weights.get("layer2.0.bn1.bias")!;
  const wider = new Map(weights).set("layer2.0.bn1.bias", { shape: [1, values.length], values });
  weights.delete("layer2.0.bn1.bias");
  await assert.rejects(loadStartWeights(net, "resnet18", await put("less.safetensors", weights)), {
    message: /less\.safetensors: tensor "layer2\.0\.bn1\.bias" is missing/,
  });
  await assert.rejects(loadStartWeights(net, "resnet18", await put("wide.safetensors", wider)), {
    message: /wide\.safetensors: "layer2\.0\.bn1\.bias" has shape \[1,4\], this model's is \[4\]/,
  });
});
