// The native backend keeps the contract.
import { test } from "node:test";
import { contractSuite } from "../../contract/suite.ts";
import { nativeBackend, nativeSupport } from "./index.ts";

const support = nativeSupport();
if (support.available) contractSuite("native", () => nativeBackend({ threads: 2, precision: "float32" }));
else test("the native backend keeps the contract", { skip: `${support.reason}: npm run build:native` }, () => {});
