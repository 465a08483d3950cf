import { randomBytes } from "node:crypto";
import * as z from "zod";

const Content = z.tuple([z.string(), z.int(), z.string()]);

/** A task's token: opaque to everybody else, it says which execution it belongs to, and cannot be guessed. */
export const createToken = (executionArn: string, task: number): string =>
  Buffer.from(JSON.stringify([executionArn, task, randomBytes(24).toString("base64url")])).toString(
    "base64url",
  );

/** The ARN of the execution that a token was made for; undefined when it is no token. */
export const executionOf = (token: string): string | undefined => {
  try {
    const content = Content.safeParse(JSON.parse(Buffer.from(token, "base64url").toString("utf8")));
    return content.data?.[0];
  } catch {
    return undefined;
  }
};
