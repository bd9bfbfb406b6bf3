// The engine: build graphs, differentiate them, compile programs, run them on a backend.
export { gradients } from "./autodiff.ts";
export type { Backend, CompileOptions, Executable, Feeds, State, StateEntry, Tensor, Values } from "./backend.ts";
export { EngineError, ShapeError } from "./errors.ts";
export { type DType, type Node, type Shape, sizeOf } from "./graph.ts";
export * from "./operations/index.ts";
export { type Program, type ProgramParts, program } from "./program.ts";
