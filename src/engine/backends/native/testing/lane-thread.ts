// A thread for tests: it takes one of three lanes, sends its number, asks again among more, and stays.
import { parentPort } from "node:worker_threads";
import { load } from "../../../../native/addon.ts";

const loaded = load();
if ("reason" in loaded) throw new Error(loaded.reason);
const lane = loaded.addon.takeLane(3);
if (loaded.addon.takeLane(9) !== lane) throw new Error("it moved to another lane");
parentPort!.postMessage(lane);
parentPort!.on("message", () => {});
