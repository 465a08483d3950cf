import { evaluate } from "./intrinsic.ts";

/**
 * Fills a payload template (`Parameters`, `ResultSelector`): a key ending in `.$` holds a path or an intrinsic function, and loses its ending.
 *
 * @throws StateError `States.Runtime` when a path leads nowhere, `States.IntrinsicFailure`
 */
export const fill = (template: unknown, data: unknown, context: unknown): unknown => {
  if (Array.isArray(template)) return template.map((element) => fill(element, data, context));
  if (typeof template !== "object" || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) =>
      key.endsWith(".$")
        ? [key.slice(0, -2), evaluate(String(value), data, context, key)]
        : [key, fill(value, data, context)],
    ),
  );
};

/** Every path that a template names, with its key. */
export const pathsOf = (template: unknown): { key: string; path: unknown }[] => {
  if (Array.isArray(template)) return template.flatMap(pathsOf);
  if (typeof template !== "object" || template === null) return [];
  return Object.entries(template).flatMap(([key, value]) =>
    key.endsWith(".$") ? [{ key, path: value }] : pathsOf(value),
  );
};
