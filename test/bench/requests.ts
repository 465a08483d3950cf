import { setTimeout } from "node:timers/promises";
import * as z from "zod";
import type { apiClient, Wish } from "../support/client.ts";

type Api = ReturnType<typeof apiClient>;

const Created = z.looseObject({ id: z.string(), status: z.string() });
const terminal = new Set(["denied", "cancelled", "lapsed", "ended", "failed"]);

/** How many requests are looked at together, and how long to wait where one of them is not so far (milliseconds). */
const together = 4;
const pause = 1_000;

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

  return {
    /** Every answer of another status than 2xx. */
    refused,
    /** Asks; undefined when the request was not taken. */
    ask: async ({ name, ...wish }: Asking): Promise<Taken | undefined> => {
      const answer = await call(name, "POST", "/requests", { ...wish, reason: "load" });
      if (answer.status !== 202) return undefined;
      const { id, status } = Created.parse(answer.body);
      return { name, ...wish, id, status };
    },
    approve: (approver: string, id: string) => call(approver, "POST", `/requests/${id}/approve`),
    /**
     * Waits until none of these requests has a status but `wanted` ones (the terminal ones without it), as an admin sees it. Looks at the first few that are not
     * so far, and at no other: to look at all of them again and again would be more work than they are.
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
      const seen = new Map<string, string>();
      let left = [...ids];
      while (left.length > 0 && Date.now() - start < limit) {
        const looked = await Promise.all(
          left.slice(0, together).map(async (id): Promise<[string, string]> => {
            const answer = await call(admin, "GET", `/requests/${id}`);
            return [id, answer.status === 200 ? Created.parse(answer.body).status : "lost"];
          }),
        );
        for (const [id, status] of looked) seen.set(id, status);
        const before = left.length;
        left = left.filter((id) => !wanted.has(seen.get(id) ?? ""));
        report(`${ids.length - left.length} of ${ids.length} ${[...wanted].join(", ")}`);
        if (left.length > before - looked.length) await setTimeout(pause);
      }
      return new Map(ids.map((id) => [id, seen.get(id) ?? "not looked at"]));
    },
  };
};
