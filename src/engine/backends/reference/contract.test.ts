// The reference backend keeps the contract: it rounds its float64 values to the declared types, and holds state.
import { contractSuite } from "../../contract/suite.ts";
import { referenceBackend } from "./index.ts";

contractSuite("reference", referenceBackend);
