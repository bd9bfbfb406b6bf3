// Calls across threads: one side serves methods on a port, the other calls them by name. Values are copied; progress comes
// back while a call runs, an abort goes there, and errors a user can act on keep their hint.
import type { MessagePort, Worker } from "node:worker_threads";
import { ForelossError, InterruptedError, UsageError } from "../core/errors.ts";

type Port = Pick<MessagePort, "postMessage" | "on" | "off">;

/** What a served method may do while it runs. */
export interface CallContext {
  readonly report: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

export type Methods = Readonly<Record<string, (context: CallContext, ...values: never[]) => Promise<unknown>>>;

type Request = {
  readonly kind: "call";
  readonly id: number;
  readonly method: string;
  readonly values: readonly unknown[];
};
type Abort = { readonly kind: "abort"; readonly id: number };
type Reply =
  | { readonly kind: "progress"; readonly id: number; readonly done: number; readonly total: number }
  | { readonly kind: "result"; readonly id: number; readonly value: unknown }
  | { readonly kind: "failure"; readonly id: number; readonly error: SentError };

interface SentError {
  readonly name: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly stack: string | undefined;
}

const errorClasses = { ForelossError, InterruptedError, UsageError } as const;

/** Least time between two progress messages of a call. */
const progressEveryMs = 100;

/** Answers calls that come in on `port`. */
export function serve(port: Port, methods: Methods): void {
  const running = new Map<number, AbortController>();
  port.on("message", (message: Request | Abort) => {
    if (message.kind === "abort") running.get(message.id)?.abort();
    else void answer(port, methods, message, running);
  });
}

async function answer(
  port: Port,
  methods: Methods,
  request: Request,
  running: Map<number, AbortController>,
): Promise<void> {
  const { id, method, values } = request;
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const served = methods[method];
    if (served === undefined) throw new Error(`no method "${method}"`);
    const value = await served({ report: reporter(port, id), signal: controller.signal }, ...(values as never[]));
    port.postMessage({ kind: "result", id, value } satisfies Reply);
  } catch (error) {
    port.postMessage({ kind: "failure", id, error: packed(error) } satisfies Reply);
  } finally {
    running.delete(id);
  }
}

function reporter(port: Port, id: number): (done: number, total: number) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (done, total) => {
    const now = performance.now();
    if (now - last < progressEveryMs && done < total) return;
    last = now;
    port.postMessage({ kind: "progress", id, done, total } satisfies Reply);
  };
}

function packed(error: unknown): SentError {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  if (!(error instanceof ForelossError)) return { name, message, stack, hint: undefined };
  return { name: Object.hasOwn(errorClasses, name) ? name : ForelossError.name, message, stack, hint: error.hint };
}

function unpacked({ name, message, hint, stack }: SentError): Error {
  const Known = Object.hasOwn(errorClasses, name) ? errorClasses[name as keyof typeof errorClasses] : undefined;
  const error = Known === undefined ? new Error(message) : new Known(message, hint === undefined ? {} : { hint });
  if (stack !== undefined) error.stack = stack;
  return error;
}

export interface CallOptions {
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Caller {
  call<T>(method: string, values: readonly unknown[], options?: CallOptions): Promise<T>;
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: CallOptions["onProgress"];
}

/** Calls what `worker` serves. All calls under way fail when the worker dies. */
export function callerOf(worker: Worker): Caller {
  const waiting = new Map<number, Waiting>();
  let calls = 0;
  let dead: Error | undefined;
  const fail = (error: Error) => {
    dead = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on("message", (reply: Reply) => receive(waiting, reply));
  worker.on("error", fail);
  worker.on("exit", (code) => fail(new Error(`the worker ended with exit code ${code} while it was needed`)));
  return {
    call: async <T>(method: string, values: readonly unknown[], { onProgress, signal }: CallOptions = {}) => {
      if (dead !== undefined) throw dead;
      const id = calls++;
      const abort = () => worker.postMessage({ kind: "abort", id } satisfies Abort);
      const reply = new Promise<T>((resolve, reject) => waiting.set(id, { resolve, reject, onProgress }));
      worker.postMessage({ kind: "call", id, method, values } satisfies Request);
      signal?.addEventListener("abort", abort, { once: true });
      if (signal?.aborted) abort();
      return await reply.finally(() => signal?.removeEventListener("abort", abort));
    },
  };
}

function receive(waiting: Map<number, Waiting>, reply: Reply): void {
  const call = waiting.get(reply.id);
  if (call === undefined) return;
  if (reply.kind === "progress") {
    call.onProgress?.(reply.done, reply.total);
    return;
  }
  waiting.delete(reply.id);
  if (reply.kind === "result") call.resolve(reply.value as never);
  else call.reject(unpacked(reply.error));
}
