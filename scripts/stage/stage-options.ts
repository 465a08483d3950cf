import { type ParseArgsConfig, parseArgs } from "node:util";

/** Which stage a script is for, and how it is reached. */
export interface StageOptions {
  stage: string;
  /** The sandbox's AWS endpoint; undefined for a deployed stage. */
  endpoint: string | undefined;
}

/** The flags of {@link StageOptions}, as `parseArgs` takes them. */
export const stageFlags = {
  stage: { type: "string", default: "sandbox" },
  endpoint: { type: "string" },
} as const;

/** A command line that cannot be followed; its message is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * The flags of a command line that has no other words.
 *
 * @throws UsageError
 */
export const flagsOf = <const T extends NonNullable<ParseArgsConfig["options"]>>(
  args: readonly string[],
  options: T,
) => {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

/** @throws UsageError */
export const stageOf = (flags: { stage: string; endpoint?: string | undefined }): StageOptions => {
  const { stage, endpoint } = flags;
  if (!/^[a-z0-9][a-z0-9-]*$/.test(stage)) throw new UsageError(`"${stage}" is no stage`);
  if (endpoint !== undefined && stage !== "sandbox")
    throw new UsageError("--endpoint is for the sandbox; other stages are in AWS");
  const local = stage === "sandbox" ? "http://127.0.0.1:4566" : undefined;
  return { stage, endpoint: endpoint ?? local };
};
