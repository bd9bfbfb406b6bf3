// Arrays that scikit-learn and PyTorch gave and NumPy saved (numpy/save.py), read and chosen from in a program; numpy/select.sh
// does the same on the command line. Outside this repository: import from "foreloss/core", "foreloss/records" and
// "foreloss/strategies".
import { join } from "node:path";
import { createRandom, type MemberMatrix } from "../src/core/index.ts";
import {
  checkFinite,
  checkProbabilities,
  openNumbers,
  parseArrayFile,
  readArray,
  readTexts,
} from "../src/records/index.ts";
import { badge, bald, coreSet, margin, type Pool, type Strategy } from "../src/strategies/index.ts";

/** A file, or `file.npz#name` for one array of several. Numbers come as float32, whatever NumPy wrote. */
const fileAt = (name: string) => parseArrayFile(join(import.meta.dirname, "numpy", name));
const array = async (name: string, check = checkFinite): Promise<MemberMatrix> =>
  readArray(await openNumbers(fileAt(name)), { check });

const ids = await readTexts(fileAt("sklearn.npz#ids"));
const nothing = { ids: [], signals: {} };

/** scikit-learn: one model. */
const sklearn: Pool = {
  ids,
  signals: {
    probabilities: await array("sklearn.npz#probabilities", checkProbabilities),
    embedding: await array("sklearn.npz#features"),
  },
  labelled: nothing,
};

/** PyTorch: an ensemble, with the embedding of its first net, of what is labelled too. */
const labelled = await array("torch-labelled.npy");
const torch: Pool = {
  ids,
  signals: {
    memberProbabilities: await array("torch-members.npy", checkProbabilities),
    embedding: await array("torch-pool.npy"),
  },
  labelled: {
    ids: Array.from({ length: labelled.rows }, (_, row) => `labelled ${row}`),
    signals: { embedding: labelled },
  },
};

async function tell(pool: Pool, strategy: Strategy): Promise<void> {
  const picks = await strategy.select(pool, 3, createRandom(0, "ties"));
  console.log(`${strategy.name}: ${Array.from(picks, (position) => pool.ids[position]).join(" ")}`);
}

await tell(sklearn, margin);
await tell(sklearn, badge);
await tell(torch, bald);
await tell(torch, coreSet);
