import * as z from "zod";
import type { DeliveredMessage } from "./aws/services/sns.ts";
import type { Log } from "./log.ts";

/** What the person who runs the sandbox sees. */
export interface Console extends Log {
  /** Prints text as it is. */
  print(text: string): void;
  /** One of Curfew's notifications, in one line. */
  notification(message: DeliveredMessage): void;
}

const Notification = z.object({ event: z.string(), text: z.string() });

/** A reason is typed by people: it must not be able to steer the terminal. */
const harmless = (text: string): string => text.replace(/\p{Cc}+/gu, " ");

const lineOf = ({ topic, attributes, message }: DeliveredMessage): string => {
  const severity = attributes.severity ?? "info";
  const mark = severity === "info" ? "" : `${severity.toUpperCase()} `;
  const parsed = Notification.safeParse(message);
  if (!parsed.success) return `${mark}${topic}: ${JSON.stringify(message)}`;
  return `${mark}${parsed.data.event}: ${parsed.data.text}`;
};

/**
 * @param write puts out one line, with its end
 * @param now milliseconds since the epoch
 */
export const createConsole = (
  write: (text: string) => void,
  now: () => number = Date.now,
): Console => {
  const line = (text: string, at = new Date(now())): void =>
    write(`${at.toTimeString().slice(0, 8)}  ${harmless(text)}\n`);
  const reasonOf = (cause: unknown): string =>
    cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return {
    print: (text) => write(`${text}\n`),
    info: (message) => line(message),
    warn: (message) => line(`warning: ${message}`),
    error: (message, cause) => {
      line(`error: ${message}`);
      if (cause !== undefined) write(`${reasonOf(cause)}\n`);
    },
    notification: (message) => line(lineOf(message), new Date(message.at)),
  };
};
