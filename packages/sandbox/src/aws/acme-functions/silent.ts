/** Answers nothing, as functions do that were not written for Curfew. */
export const handler = async (): Promise<void> => {};
