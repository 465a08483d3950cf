import { createWriteStream } from "node:fs";
import type { Clock } from "./clock.ts";
import type { LogLine } from "./lambda/execution.ts";

/** A file with everything that functions write: time, function, request id, line. */
export interface FunctionLog {
  write(line: LogLine): void;
  close(): Promise<void>;
}

/** Opens the file, to be appended to. */
export const openFunctionLog = (path: string, clock: Clock): FunctionLog => {
  const stream = createWriteStream(path, { flags: "a" });
  return {
    write: ({ functionName, requestId = "-", line }) => {
      const at = new Date(clock.now()).toISOString();
      // A worker that is being stopped may still say something.
      if (!stream.writableEnded) stream.write(`${at} ${functionName} ${requestId} ${line}\n`);
    },
    close: () => new Promise((resolve) => void stream.end(resolve)),
  };
};
