// Collects ONNX nodes, constants, inputs and outputs while a program is lowered, and gives the model's bytes.
// Values are known by their names; `emit` gives the names of a node's outputs.

import { attributeTypes, elementTypes, encodeModel } from "../../../native/onnx-proto.ts";
import { EngineError } from "../../errors.ts";
import type { ConstantValues, DType, Shape } from "../../graph.ts";

export type Attributes = Readonly<Record<string, number | string | readonly number[] | { readonly float: number }>>;

export interface WriterOptions {
  /** Only operators of the ONNX standard, for models that others read; else also the runtime's own faster ones. */
  readonly portable: boolean;
}

/** Far from the constants that models use. */
const firstUniqueNumber = 1_000_003;
const opset = 21;
/** IR version 10 belongs to opset 21; the ONNX Runtime has read it since 1.18. */
const irVersion = 10;

export class OnnxWriter {
  readonly portable: boolean;
  readonly #nodes: object[] = [];
  readonly #initializers: object[] = [];
  readonly #inputs: object[] = [];
  readonly #outputs: object[] = [];
  readonly #integerLists = new Map<string, string>();
  #names = 0;

  constructor(options: WriterOptions) {
    this.portable = options.portable;
  }

  /** Adds a node and gives the name of its first output. */
  emit(opType: string, inputs: readonly string[], attributes: Attributes = {}, domain = ""): string {
    return this.emitMany(opType, inputs, 1, attributes, domain)[0]!;
  }

  /** Adds a node with several outputs. */
  emitMany(
    opType: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Attributes = {},
    domain = "",
  ): string[] {
    if (this.portable && domain !== "") throw new EngineError("onnx", `${domain}.${opType} is not portable`);
    const output = Array.from({ length: outputs }, () => this.#fresh(opType));
    const attribute = Object.entries(attributes).map(([name, value]) => encodeAttribute(name, value));
    this.#nodes.push({ opType, domain, input: inputs, output, attribute, name: output[0] });
    return output;
  }

  /** A copy of `value` under a name of its own, for outputs that need one. */
  rename(value: string, name: string): string {
    this.#nodes.push({ opType: "Identity", input: [value], output: [name], name });
    return name;
  }

  constant(values: ConstantValues, shape: Shape, name = this.#fresh("constant")): string {
    const dataType =
      values instanceof Float32Array
        ? elementTypes.float32
        : values instanceof Int32Array
          ? elementTypes.int32
          : elementTypes.uint8;
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#initializers.push({ name, dims: shape, dataType, rawData });
    return name;
  }

  scalar(value: number): string {
    return this.constant(Float32Array.of(value), []);
  }

  /** int64 constant of rank 1, as the ONNX operators want axes, shapes and offsets. */
  integers(values: readonly number[]): string {
    const key = values.join(",");
    const known = this.#integerLists.get(key);
    if (known !== undefined) return known;
    const name = this.#fresh("integers");
    const rawData = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.#initializers.push({ name, dims: [values.length], dataType: elementTypes.int64, rawData });
    this.#integerLists.set(key, name);
    return name;
  }

  addInput(name: string, dtype: DType, shape: readonly (number | string)[]): void {
    this.#inputs.push(valueInfo(name, dtype, shape));
  }

  addOutput(name: string, dtype: DType, shape: readonly (number | string)[]): void {
    this.#outputs.push(valueInfo(name, dtype, shape));
  }

  /** The model as ONNX bytes. */
  finish(name: string, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
    const contrib = this.portable
      ? []
      : ["com.microsoft", "com.microsoft.nchwc"].map((domain) => ({ domain, version: 1 }));
    return encodeModel({
      irVersion,
      producerName: "foreloss",
      graph: { name, node: this.#nodes, initializer: this.#initializers, input: this.#inputs, output: this.#outputs },
      opsetImport: [{ domain: "", version: opset }, ...contrib],
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    });
  }

  /** A number that no other call gives: constants filled with it are never merged with others. */
  uniqueNumber(): number {
    return firstUniqueNumber + this.#names++;
  }

  #fresh(prefix: string): string {
    return `${prefix}_${this.#names++}`;
  }
}

function valueInfo(name: string, dtype: DType, shape: readonly (number | string)[]): object {
  const dim = shape.map((extent) => (typeof extent === "number" ? { dimValue: extent } : { dimParam: extent }));
  return { name, type: { tensorType: { elemType: elementTypes[dtype], shape: { dim } } } };
}

function encodeAttribute(name: string, value: Attributes[string]): object {
  if (typeof value === "number") return { name, i: value, type: attributeTypes.int };
  if (typeof value === "string") return { name, s: new TextEncoder().encode(value), type: attributeTypes.string };
  if ("float" in value) return { name, f: value.float, type: attributeTypes.float };
  return { name, ints: value, type: attributeTypes.ints };
}
