// Finds out how many channels the ONNX Runtime puts in a block of its own picture layout on this CPU: 16 with AVX-512, 8
// with AVX2, none on others. It says so nowhere, but it can be seen in what its reordering does to known numbers.
import * as ort from "onnxruntime-node";
import { OnnxWriter } from "./writer.ts";

const channels = 32;
let known: Promise<number | undefined> | undefined;

/** Channels in a block, or undefined where the runtime has no such layout. */
export function channelBlock(): Promise<number | undefined> {
  known ??= probe().catch(() => undefined);
  return known;
}

/** Two pixels of 32 channels, all different: in blocks of b channels, entry b is the first channel of the second pixel. */
async function probe(): Promise<number | undefined> {
  const writer = new OnnxWriter({ portable: false });
  writer.addInput("x", "float32", [1, channels, 1, 2]);
  const reordered = writer.emit("ReorderInput", ["x"], {}, "com.microsoft.nchwc");
  writer.addOutput(reordered, "float32", [1, channels, 1, 2]);
  const session = await ort.InferenceSession.create(writer.finish("channel-block"), { logSeverityLevel: 4 });
  const values = Float32Array.from({ length: 2 * channels }, (_, i) => i);
  const result = await session.run({ x: new ort.Tensor("float32", values, [1, channels, 1, 2]) });
  await session.release();
  const block = (result[reordered]!.data as Float32Array).indexOf(1);
  return block === 8 || block === 16 ? block : undefined;
}
