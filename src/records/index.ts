// What is saved or sent, with its readers and writers: recipes, results, tables of scores, embeddings.
export type { CheckpointRecord } from "./checkpoint.ts";
export { decodeNpy, encodeNpy } from "./npy.ts";
export { parseRecipe, type RecipeOptions, readRecipe } from "./read-recipe.ts";
export { parseResults } from "./read-results.ts";
export type { ArmRecipe, DatasetRecipe, LabellingRecipe, ModelRecipe, Recipe, TrainingRecipe } from "./recipe.ts";
export type { ArmComparison, ArmResult, CycleRecord, Estimate, Pick, Results, SeedResult } from "./results.ts";
export { formatScoreTable, parseScoreTable, type ScoreTable } from "./score-table.ts";
