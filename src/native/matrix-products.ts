// Products of matrices in float32 by ONNX Runtime, on all cores, wherever the package runs. For those who can say how far off such
// a product may be; nothing else is promised of its digits. A call keeps the thread it is made in, so products should be small.
import { createRequire } from "node:module";
import type { InferenceSession } from "onnxruntime-node";
import { attributeTypes, elementTypes, encodeModel } from "./onnx-proto.ts";

export interface MatrixProducts {
  /** Name and version of the library. */
  readonly version: string;
  /** `left` [m, columns] times `right` [n, columns] transposed: [m, n]. Both must stay as they are until it is there. */
  multiply(left: Float32Array, right: Float32Array, columns: number): Promise<Float32Array>;
}

let opened: Promise<MatrixProducts | undefined> | undefined;

/** Undefined where the library is not installed or does not load. Opened once. */
export function matrixProducts(): Promise<MatrixProducts | undefined> {
  opened ??= open().catch(() => undefined);
  return opened;
}

async function open(): Promise<MatrixProducts> {
  const { InferenceSession, Tensor } = await import("onnxruntime-node");
  const session: InferenceSession = await InferenceSession.create(productModel());
  const { version } = createRequire(import.meta.url)("onnxruntime-node/package.json") as { version: string };
  return {
    version: `onnxruntime-node ${version}`,
    async multiply(left, right, columns) {
      const matrix = (values: Float32Array) => new Tensor("float32", values, [values.length / columns, columns]);
      const { product } = await session.run({ left: matrix(left), right: matrix(right) });
      return product!.data as Float32Array;
    },
  };
}

function productModel(): Uint8Array {
  const value = (name: string, ...extents: string[]) => {
    const shape = { dim: extents.map((dimParam) => ({ dimParam })) };
    return { name, type: { tensorType: { elemType: elementTypes.float32, shape } } };
  };
  const transposeRight = { name: "transB", type: attributeTypes.int, i: 1 };
  const node = { input: ["left", "right"], output: ["product"], opType: "Gemm", attribute: [transposeRight] };
  return encodeModel({
    irVersion: 8,
    producerName: "foreloss",
    opsetImport: [{ domain: "", version: 17 }],
    graph: {
      name: "product",
      node: [node],
      input: [value("left", "m", "k"), value("right", "n", "k")],
      output: [value("product", "m", "n")],
    },
  });
}
