/** What Acme's functions read of the event. */
interface CurfewEvent {
  event: { type: string };
  run: { actors: { request: { username: string } } };
}

/** Answers well: the role that it gives or takes, and whose. */
export const handler = async ({ event, run }: CurfewEvent) => {
  const { username } = run.actors.request;
  console.log(`${event.type}: the role db_admin of ${username}`);
  return { body: { role: "db_admin", user: username, done: event.type }, errors: [] };
};
