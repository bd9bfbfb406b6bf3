// Only the choice, for a team with a model of its own: scores or embeddings in, picks out, and the reason for each.
// Outside this repository: import from "foreloss/core", "foreloss/records" and "foreloss/strategies".
import { createRandom } from "../src/core/index.ts";
import { parseScoreTable } from "../src/records/index.ts";
import { type Pool, scoreByDistance, strategyNamed } from "../src/strategies/index.ts";

/** What the model says: one line per picture, higher means "ask sooner". */
const table = parseScoreTable(
  `item,margin
street/0001.jpg,0.12
street/0002.jpg,0.97
street/0003.jpg,0.97
garden/0001.jpg,0.55
`,
  "scores.csv",
  ["margin"],
);

const scored: Pool = { ids: table.ids, signals: table.signals, labelled: { ids: [], signals: {} } };
for (const position of await strategyNamed("margin").select(scored, 2, createRandom(0, "ties"))) {
  console.log(`margin    ${table.ids[position]}  ${table.signals.margin![position]!.toFixed(2)}`);
}

/** The same pictures with what the model sees in them; one is labelled already. */
const embedded: Pool = {
  ids: table.ids,
  signals: { embedding: { rows: 4, columns: 2, values: Float32Array.of(0, 0, 0, 3, 0, 3.1, 4, 0) } },
  labelled: {
    ids: ["street/0000.jpg"],
    signals: { embedding: { rows: 1, columns: 2, values: Float32Array.of(0, 0.5) } },
  },
};
const distances = await scoreByDistance(embedded);
for (const position of await strategyNamed("core-set").select(embedded, 2, createRandom(0, "ties"))) {
  console.log(`core-set  ${table.ids[position]}  ${distances[position]!.toFixed(2)} from what is labelled`);
}
