/**
 * For middy, which would by itself answer an invocation just before its time is up. Lambda only ends what has not answered: what has is frozen, and would go on in the
 * next invocation, minutes after anybody counts on it.
 */
export const leftToLambda = { timeoutEarlyInMillis: 0 } as const;
