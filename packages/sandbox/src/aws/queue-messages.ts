import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { Store } from "../store.ts";

/** A message in one of the SQS queues. */
export interface QueueMessage {
  id: string;
  queue: string;
  body: string;
  attributes: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch, as is `visibleAt`. */
  sentAt: number;
  visibleAt: number;
  received: number;
  firstReceivedAt?: number;
  /** Of the last receive: only this one deletes. */
  receipt?: string;
}

/** The messages of all queues, which are named by their names. */
export interface QueueMessages {
  /** Oldest first, hidden ones too. Drops those that are past the queue's retention. */
  kept(queue: string): QueueMessage[];
  /** @param delay seconds until it can be received */
  put(
    queue: string,
    body: string,
    attributes: Readonly<Record<string, string>>,
    delay?: number,
  ): QueueMessage;
  /** Receives what is visible, and hides it for `visibility` seconds. */
  take(queue: string, limit: number, visibility: number): QueueMessage[];
  /** As SQS does it: the handle of an older receive is accepted, and deletes nothing. */
  remove(receipt: string): void;
}

/** @param deps.retention seconds that the queue keeps a message */
export const createQueueMessages = (deps: {
  store: Store;
  clock: Clock;
  retention: (queue: string) => number;
}): QueueMessages => {
  const { store, clock, retention } = deps;
  const messages = store.collection<QueueMessage>("sqs-messages");

  const kept: QueueMessages["kept"] = (queue) => {
    const oldest = clock.now() - retention(queue) * 1000;
    const all = messages
      .list()
      .map(({ document }) => document)
      .filter((message) => message.queue === queue);
    for (const { id, sentAt } of all) if (sentAt < oldest) messages.delete(id);
    return all.filter(({ sentAt }) => sentAt >= oldest).sort((a, b) => a.sentAt - b.sentAt);
  };

  return {
    kept,
    put: (queue, body, attributes, delay = 0) => {
      const sentAt = clock.now();
      const visibleAt = sentAt + delay * 1000;
      const id = randomUUID();
      const message = { id, queue, body, attributes, sentAt, visibleAt, received: 0 };
      messages.put(id, message);
      return message;
    },
    take: (queue, limit, visibility) =>
      store.transaction(() => {
        const now = clock.now();
        const visible = kept(queue).filter(({ visibleAt }) => visibleAt <= now);
        return visible.slice(0, limit).map((message) => {
          const received: QueueMessage = {
            ...message,
            visibleAt: now + visibility * 1000,
            received: message.received + 1,
            firstReceivedAt: message.firstReceivedAt ?? now,
            receipt: `${message.id}.${randomUUID()}`,
          };
          messages.put(message.id, received);
          return received;
        });
      }),
    remove: (receipt) => {
      const id = receipt.slice(0, receipt.indexOf("."));
      if (messages.get(id)?.receipt === receipt) messages.delete(id);
    },
  };
};
