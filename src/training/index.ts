// Training and scoring in worker threads, the engines by name, and trained models for other programs.
export { type EngineSpec, engineNames, openEngine, type Precision } from "./engines.ts";
export { exportOnnx, exportSafetensors } from "./export.ts";
export { createLearner, openWorker } from "./learner.ts";
export type { LearnerSpec, LearnerTraining } from "./learner-spec.ts";
export { measureTrainingStep, type TrainingSpeed } from "./measure.ts";
export type { Scores } from "./scorer.ts";
