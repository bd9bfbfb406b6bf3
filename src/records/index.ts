// What is saved or sent, with its readers and writers: recipes, results, tables of scores, embeddings, arrays of other tools.
export {
  type ArrayFile,
  formatArrayFile,
  openNumbers,
  openTable,
  parseArrayFile,
  readTexts,
} from "./arrays/array-file.ts";
export { checkFinite, checkProbabilities, type NumberRows, type Piece } from "./arrays/number-rows.ts";
export { type ReadOptions, readArray } from "./arrays/read-array.ts";
export type { Column, Table } from "./arrays/table.ts";
export type { CheckpointRecord } from "./checkpoint.ts";
export { decodeNpy, encodeNpy } from "./npy.ts";
export { parseRecipe, type RecipeOptions, readRecipe } from "./read-recipe.ts";
export { parseResults } from "./read-results.ts";
export type { ArmRecipe, LabellingRecipe, Recipe } from "./recipe.ts";
export type { DatasetRecipe } from "./recipe-dataset.ts";
export type { ModelRecipe } from "./recipe-model.ts";
export type { TrainingRecipe } from "./recipe-training.ts";
export type {
  ArmComparison,
  ArmResult,
  CycleRecord,
  Estimate,
  LabelsShare,
  Pick,
  PoolEntropy,
  Results,
  SeedResult,
  StoppingSigns,
  WinRates,
} from "./results.ts";
export { formatScoreTable, parseScoreTable, type ScoreTable } from "./score-table.ts";
export type { SelectionManifest } from "./selection.ts";
