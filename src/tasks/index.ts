// The tasks: what a model's outputs and an item's label mean.
export { type ClassificationOptions, classificationTask } from "./classification/task.ts";
export type { Forward, InferredOutputs, Task } from "./task.ts";
export { type DataFacts, taskFor } from "./task-for.ts";
