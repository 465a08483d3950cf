const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#xD;",
};

const escapeText = (text: string): string =>
  text.replace(/[&<>"\r]/g, (character) => entities[character] ?? character);

/**
 * One member of a query protocol's answer: lists become `<member>` elements, a `Map` becomes
 * `<entry>` elements, a `Date` ISO 8601. Absent members are left out.
 */
export const element = (name: string, value: unknown): string => {
  if (value === undefined || value === null) return "";
  return `<${name}>${content(value)}</${name}>`;
};

const content = (value: unknown): string => {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Map) {
    return [...value].map(([key, item]) => element("entry", { key, value: item })).join("");
  }
  if (Array.isArray(value)) return value.map((item) => element("member", item)).join("");
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(([key, item]) => element(key, item))
      .join("");
  }
  return escapeText(String(value));
};
