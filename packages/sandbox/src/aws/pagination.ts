import { AwsError } from "./service.ts";

/** One page of a list, and the token of the next one if there is more. */
export interface Page<T> {
  items: T[];
  nextToken?: string;
}

const encode = (list: string, after: string): string =>
  Buffer.from(JSON.stringify([list, after])).toString("base64url");

const decode = (list: string, token: string): string | undefined => {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
    if (!Array.isArray(parsed) || parsed[0] !== list) return undefined;
    return typeof parsed[1] === "string" ? parsed[1] : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Cuts one page, in order of id. The token names the last id given, so that a list which changes
 * between two pages neither skips nor repeats what stays.
 *
 * @param list names the list that a token belongs to, with whatever it was filtered by
 * @throws AwsError for a token of another list, with the code of the service
 */
export const paginate = <T>(
  items: readonly T[],
  idOf: (item: T) => string,
  page: { list: string; token?: string | undefined; size: number; invalidToken?: string },
): Page<T> => {
  const after = page.token === undefined ? "" : decode(page.list, page.token);
  if (after === undefined) {
    throw new AwsError(page.invalidToken ?? "ValidationException", "Invalid NextToken provided.");
  }
  const rest = items
    .map((item) => ({ id: idOf(item), item }))
    .filter(({ id }) => id > after)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const given = rest.slice(0, page.size);
  const last = given.at(-1);
  return {
    items: given.map(({ item }) => item),
    ...(last !== undefined && rest.length > given.length
      ? { nextToken: encode(page.list, last.id) }
      : {}),
  };
};
