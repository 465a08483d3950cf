import { CurfewError } from "../errors/curfew-error.ts";
import type { Refusal } from "../policy/decision.ts";

/** What a caller is told whom the policy refused. */
export const refusalError = ({ code, message, path }: Refusal): CurfewError =>
  new CurfewError(code, message, path === undefined ? {} : { problems: [{ path, message }] });
