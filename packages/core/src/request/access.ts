import * as z from "zod/mini";
import { storedObject } from "../stored.ts";
import { Person } from "./person.ts";

/** Settings of targets and integrations: names as the customer's configuration writes them. */
export const Settings = z.record(z.string(), z.json());
export type Settings = z.infer<typeof Settings>;

/** How to reach another account, as configured when the request was made. */
export const IntegrationSnapshot = storedObject({
  name: z.string().check(z.minLength(1)),
  roleArn: z.string().check(z.minLength(1)),
  externalId: z.string().check(z.minLength(1)),
  region: z.string().check(z.minLength(1)),
  settings: Settings,
});
export type IntegrationSnapshot = z.infer<typeof IntegrationSnapshot>;

/**
 * One person's access to one configured target: all that a strategy needs to give it and, months later and whatever became of the configuration,
 * to take it away.
 */
export const Access = storedObject({
  strategy: z.string().check(z.minLength(1)),
  integration: IntegrationSnapshot,
  target: storedObject({
    name: z.string().check(z.minLength(1)),
    type: z.string().check(z.minLength(1)),
    label: z.string().check(z.minLength(1)),
    settings: Settings,
  }),
  person: Person,
  /** For the connector's role; computed once and stored, so that nothing about them can fail on the way out. */
  session: storedObject({ name: z.string(), sourceIdentity: z.string() }),
});
export type Access = z.infer<typeof Access>;
