/** Crashes. */
export const handler = async (): Promise<never> => {
  throw new Error("The connection to the database was refused.");
};
