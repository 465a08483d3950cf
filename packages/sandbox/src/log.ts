/** The sandbox's own log, for the person who runs it. Never handed a secret, a token or a request's body. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string, cause?: unknown): void;
}
