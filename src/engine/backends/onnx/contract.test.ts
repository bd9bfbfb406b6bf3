// The ONNX backend keeps the contract.
import { contractSuite } from "../../contract/suite.ts";
import { onnxBackend } from "./index.ts";

contractSuite("onnx", () => onnxBackend({ threads: 2 }));
