/**
 * Replaces this thread's `Date` by one that is ahead of the machine's clock: what a function believes the time to be.
 * Timers stay the machine's: while a function runs, time passes as on the machine.
 *
 * @param ahead one number, the milliseconds; read anew each time, since it changes between invocations
 */
export const replaceDate = (ahead: Float64Array): void => {
  const machineNow = Date.now;
  const now = (): number => machineNow() + (ahead[0] ?? 0);
  Date.now = now;
  const SandboxDate = new Proxy(Date, {
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
    apply: () => new SandboxDate().toString(),
  });
  Date.prototype.constructor = SandboxDate;
  globalThis.Date = SandboxDate;
};
