import * as z from "zod/mini";
import { storedObject } from "../stored.ts";

/** A user of IAM Identity Center. `id` is immutable and is what access is granted to; the rest is for people and may change. */
export const Person = storedObject({
  id: z.string().check(z.minLength(1)),
  email: z.string().check(z.minLength(1)),
});
export type Person = z.infer<typeof Person>;

/** Who did something: a person, or Curfew itself. */
export const Actor = storedObject({
  type: z.enum(["user", "system"]),
  id: z.string().check(z.minLength(1)),
  name: z.string().check(z.minLength(1)),
});
export type Actor = z.infer<typeof Actor>;

/** Curfew, when it acts by itself. */
export const curfew: Actor = { type: "system", id: "curfew", name: "curfew" };

/** Whoever runs Curfew, with the rights of its account and none of its own. */
export const operator: Actor = { type: "system", id: "operator", name: "operator" };

/** A person as an actor. */
export const actorOf = (person: Person): Actor => ({
  type: "user",
  id: person.id,
  name: person.email,
});
