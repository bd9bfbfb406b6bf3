// Errors of the engine. A `ShapeError` is a bug in a model or a task: it is thrown while the graph is built.

export class ShapeError extends Error {
  constructor(operation: string, problem: string) {
    super(`${operation}: ${problem}`);
    this.name = "ShapeError";
  }
}

/** A backend was asked to run, read or write something that does not fit the program it holds. */
export class EngineError extends Error {
  constructor(where: string, problem: string) {
    super(`${where}: ${problem}`);
    this.name = "EngineError";
  }
}
