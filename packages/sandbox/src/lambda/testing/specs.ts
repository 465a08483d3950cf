import { fileURLToPath } from "node:url";
import type { FunctionSpec } from "../spec.ts";

/** A function whose handler is the export of that name in handlers.ts. */
export const aSpec = (exportName: string, overrides: Partial<FunctionSpec> = {}): FunctionSpec => ({
  name: exportName,
  arn: `arn:aws:lambda:us-east-1:666666666666:function:${exportName}`,
  description: "",
  role: `arn:aws:iam::666666666666:role/curfew/${exportName}`,
  runtime: "nodejs24.x",
  timeout: 10,
  memory: 128,
  file: fileURLToPath(new URL("./handlers.ts", import.meta.url)),
  exportName,
  environment: () => ({}),
  ...overrides,
});
