import { StateError } from "./failure.ts";
import { isPath, read } from "./paths.ts";

/*
 * The one intrinsic function that the interpreter knows: `States.Format('a text with {}', …)`, which puts its further
 * arguments (paths) where the braces are. https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
 */

interface Format {
  /** The text around the braces. */
  texts: readonly string[];
  paths: readonly string[];
}

const call = /^States\.Format\(\s*'((?:[^'\\]|\\.)*)'\s*((?:,[^,()']+)*)\)$/;

/** The template's text, cut at each pair of braces; a backslash takes the meaning from what follows it. */
const cut = (template: string): string[] => {
  const texts = [""];
  for (const [token] of template.matchAll(/\\.|\{\}|[^\\]/gs)) {
    if (token === "{}") texts.push("");
    else texts.push(`${texts.pop()}${token.length > 1 ? token.slice(1) : token}`);
  }
  return texts;
};

const parse = (expression: string): Format | undefined => {
  const [, template, list = ""] = call.exec(expression) ?? [];
  if (template === undefined) return undefined;
  const texts = cut(template);
  const paths = list
    .split(",")
    .slice(1)
    .map((path) => path.trim());
  return paths.length === texts.length - 1 && paths.every(isPath) ? { texts, paths } : undefined;
};

/** Whether the interpreter can evaluate it: a path, or a call of `States.Format` with a path for each pair of braces. */
export const isExpression = (expression: string): boolean =>
  isPath(expression) || parse(expression) !== undefined;

/**
 * What an expression comes to.
 *
 * @param field the field of the definition that holds it, for messages
 * @throws StateError `States.Runtime` when a path leads nowhere, `States.IntrinsicFailure` when it leads to what is no text
 */
export const evaluate = (
  expression: string,
  data: unknown,
  context: unknown,
  field: string,
): unknown => {
  const format = parse(expression);
  if (format === undefined) return read(expression, data, context, field);
  return format.texts.reduce((text, next, index) => {
    const value = read(format.paths[index - 1] ?? "", data, context, field);
    if (value === null || typeof value !== "object") return `${text}${value}${next}`;
    throw new StateError(
      "States.IntrinsicFailure",
      `Invalid arguments in ${expression}: objects and lists cannot be put into a text`,
    );
  });
};
