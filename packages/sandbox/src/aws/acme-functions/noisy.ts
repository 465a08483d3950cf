/** Answers with errors, whatever it is asked. */
export const handler = async () => ({
  body: {},
  errors: [
    "The database orders has no role db_admin.",
    "The database customers cannot be reached.",
    "Ask the database team.",
  ],
});
