import { acme } from "../support/acme.ts";
import type { Scene } from "./cycle.ts";
import type { Thing } from "./things.ts";

/** Acts of an administrator of Identity Center and of the organisation. */
export const acts = {
  deleteGroup: ({ operator }: Scene) => operator.deleteGroup(acme.oncall),
  deleteUser: ({ operator, email }: Scene) => operator.deleteUser(email),
  /** It has to be assigned to nobody. */
  deletePermissionSet: async ({ operator, email }: Scene): Promise<void> => {
    await operator.unassign(acme.prod, acme.powerUser, email);
    await operator.deletePermissionSet(acme.powerUser);
  },
  closeAccount: ({ operator }: Scene) => operator.closeAccount(acme.prod),
  removeAccount: ({ operator }: Scene) => operator.removeAccount(acme.prod),
  takeAway:
    (thing: Thing) =>
    async ({ operator, email }: Scene): Promise<void> => {
      if (thing.name.startsWith("the group")) await operator.leaveGroup(acme.oncall, email);
      else await operator.unassign(acme.staging, acme.readOnly, email);
    },
};
