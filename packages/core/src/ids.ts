import * as z from "zod/mini";

/** `req_` and a ULID: sorts by time of creation. */
export const RequestId = z
  .string()
  .check(z.regex(/^req_[0-9A-HJKMNP-TV-Z]{26}$/, "must be req_ and a ULID"))
  .brand<"RequestId">();
export type RequestId = z.infer<typeof RequestId>;

/** The name of the n-th execution of a request's workflow, counted from 0. */
export const executionName = (id: RequestId, execution: number): string => `${id}.${execution}`;

/** The name of the n-th schedule of a request, counted from 0. */
export const scheduleName = (id: RequestId, schedule: number): string => `${id}.${schedule}`;

/** Takes an execution's name apart; undefined for executions that are not Curfew's. */
export const parseExecutionName = (
  name: string,
): { id: RequestId; execution: number } | undefined => {
  const [, id, execution] = /^(req_\w{26})\.(\d{1,6})$/.exec(name) ?? [];
  const parsed = RequestId.safeParse(id);
  if (!parsed.success || execution === undefined) return undefined;
  return { id: parsed.data, execution: Number(execution) };
};
