import { setTimeout } from "node:timers/promises";
import * as z from "zod";
import type { apiClient, Wish } from "../support/client.ts";

type Api = ReturnType<typeof apiClient>;

const Created = z.looseObject({ id: z.string(), status: z.string() });
const Page = z.object({
  requests: z.array(z.looseObject({ id: z.string(), status: z.string() })),
  cursor: z.string().nullable(),
});
const terminal = new Set(["denied", "cancelled", "lapsed", "ended", "failed"]);

/** Who asks for what. */
export interface Asking extends Wish {
  name: string;
}

/** A request that was taken. */
export interface Taken extends Asking {
  id: string;
  status: string;
}

/** Drives many requests at once, counting every answer that is not a success. */
export const createDriver = (api: Api, report: (line: string) => void = () => {}) => {
  const refused: string[] = [];

  const call = async (name: string, method: string, path: string, body?: unknown) => {
    const answer = await api.call(name, method, path, body);
    if (answer.status >= 300) refused.push(`${answer.status} ${method} ${path}`);
    return answer;
  };

  /** The status of every request that the person may see. */
  const statuses = async (name: string): Promise<Map<string, string>> => {
    const found = new Map<string, string>();
    let query = "?limit=100";
    for (;;) {
      const answer = await call(name, "GET", `/requests${query}`);
      const { requests, cursor } = Page.parse(answer.body);
      for (const { id, status } of requests) found.set(id, status);
      if (cursor === null) return found;
      query = `?limit=100&cursor=${encodeURIComponent(cursor)}`;
    }
  };

  return {
    /** Every answer of another status than 2xx. */
    refused,
    statuses,
    /** Asks; undefined when the request was not taken. */
    ask: async ({ name, ...wish }: Asking): Promise<Taken | undefined> => {
      const answer = await call(name, "POST", "/requests", { ...wish, reason: "load" });
      if (answer.status !== 202) return undefined;
      const { id, status } = Created.parse(answer.body);
      return { name, ...wish, id, status };
    },
    approve: (approver: string, id: string) => call(approver, "POST", `/requests/${id}/approve`),
    /**
     * Waits until none of these requests has a status but `wanted` ones (the terminal ones without it), as an admin sees it.
     *
     * @param limit milliseconds; whatever has not come so far then is left as it is
     */
    until: async (
      admin: string,
      ids: readonly string[],
      limit: number,
      wanted: ReadonlySet<string> = terminal,
    ): Promise<Map<string, string>> => {
      const start = Date.now();
      for (;;) {
        const seen = await statuses(admin);
        const mine = new Map(ids.map((id) => [id, seen.get(id) ?? "lost"]));
        const left = [...mine.values()].filter((status) => !wanted.has(status)).length;
        report(`${ids.length - left} of ${ids.length} ${[...wanted].join(", ")}`);
        if (left === 0 || Date.now() - start > limit) return mine;
        await setTimeout(2_000);
      }
    },
  };
};
