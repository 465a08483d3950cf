import { WorkflowError, workflowErrors } from "@curfew/core";

/**
 * Runs a call and stops waiting for it after so many milliseconds, whatever its client's attempts and
 * time-outs add up to. The call may take effect all the same, even later: only for reads, and for
 * writes that may happen twice.
 *
 * @param what names the call in the error
 * @param call gets a signal that ends its HTTP request, as SDK clients take it
 * @throws WorkflowError `ServiceUnavailable` when time is up
 */
export const within = async <T>(
  milliseconds: number,
  what: string,
  call: (abortSignal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  // Raced beside the signal, which ends neither the opening of a session nor a pause between attempts.
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `${what} failed: no answer within ${milliseconds} ms`;
      reject(new WorkflowError(workflowErrors.serviceUnavailable, message));
      controller.abort();
    }, milliseconds);
  });
  try {
    return await Promise.race([call(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
};
