/** The SQS queues, as the services that deliver into them see them: Lambda's on-failure destinations and Scheduler's dead letters. */
export interface Queues {
  has(queueArn: string): boolean;
  /**
   * Puts a message into the queue; on disk when it returns.
   *
   * @param attributes message attributes, all of type String
   * @throws AwsError `QueueDoesNotExist`
   */
  send(queueArn: string, body: string, attributes?: Readonly<Record<string, string>>): void;
}
