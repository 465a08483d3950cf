/*
 * What functions may do to their worker. Run by the pool's tests, unbundled.
 */

interface Context {
  awsRequestId: string;
  functionName: string;
  invokedFunctionArn: string;
  getRemainingTimeInMillis(): number;
}

export const echo = async (event: unknown, context: Context): Promise<unknown> => ({
  event,
  requestId: context.awsRequestId,
  functionName: context.functionName,
  arn: context.invokedFunctionArn,
  remaining: context.getRemainingTimeInMillis(),
});

export const environment = async (): Promise<unknown> => ({ ...process.env });

export const nothing = async (): Promise<void> => {};

/** Answers what the time is, in milliseconds, by every way to ask for it. */
export const times = async (): Promise<Record<string, number>> => {
  const date = new Date();
  await new Promise((resolve) => void setTimeout(resolve, 20));
  return {
    now: Date.now(),
    constructed: date.getTime(),
    called: Date.parse(Date()),
    given: new Date(1_000).getTime(),
    isDate: date instanceof Date && date.constructor === Date ? 1 : 0,
    slept: Date.now() - date.getTime(),
  };
};

let calls = 0;
/** Answers how often this execution environment was used. */
export const count = async (): Promise<number> => {
  calls += 1;
  return calls;
};

export const hang = (): Promise<never> => new Promise(() => {});

/** Keeps the thread itself busy. */
export const spin = async (): Promise<never> => {
  for (;;);
};

export const hold = (event: { milliseconds: number }): Promise<string> =>
  new Promise((resolve) => void setTimeout(() => resolve("held"), event.milliseconds));

export const fail = async (): Promise<never> => {
  const error = new Error("no such luck");
  error.name = "OutOfLuck";
  throw error;
};

/** Takes more and more memory. */
export const grow = async (): Promise<never> => {
  const kept: unknown[] = [];
  for (;;) kept.push(Array.from({ length: 100_000 }, () => ({})));
};

export const leave = async (): Promise<never> => process.exit(3);

export const throwLater = (): Promise<never> =>
  new Promise(() => void setTimeout(() => JSON.parse("{"), 1));

export const rejectLater = (): Promise<never> => {
  void Promise.reject(new Error("nobody looked"));
  return hang();
};

let late = "not yet";
/** Answers at once, and goes on afterwards: what AWS freezes. */
export const goOn = async (): Promise<string> => {
  const before = late;
  setTimeout(() => {
    late = "went on";
    console.log("late line");
  }, 20);
  return before;
};

export const talk = async (event: { say: string }): Promise<void> => {
  console.log(event.say);
  console.error("and an error");
};

export const circular = async (): Promise<unknown> => {
  const loop: { self?: unknown } = {};
  loop.self = loop;
  return loop;
};
