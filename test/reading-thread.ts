// A thread that reads one JPEG file over and over, to be ended in the middle of it.
import { parentPort, workerData } from "node:worker_threads";
import { nativeJpegs } from "../src/engine/backends/native/index.ts";

const files = Array<string>(200).fill(workerData as string);
void nativeJpegs()!.read(files, { sidePx: 32, resize: "fit" });
parentPort!.postMessage("reading");
