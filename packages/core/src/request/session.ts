import type { RequestId } from "../ids.ts";
import type { Person } from "./person.ts";

/** What STS accepts as a session name or source identity. */
const accepted = /^[\w+=,.@-]{2,64}$/;

/** Names of the connector's session: the request, and the person for whom it acts; an e-mail address that STS would not accept gives way to the user id. */
export const sessionOf = (
  id: RequestId,
  person: Person,
): { name: string; sourceIdentity: string } => ({
  name: id,
  sourceIdentity: accepted.test(person.email) ? person.email : person.id,
});
