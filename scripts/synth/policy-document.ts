/**
 * What `aws.iam.getPolicyDocument` answers: the provider renders statements into IAM's JSON, and an
 * evaluation has no provider.
 */
import * as z from "zod";

const Strings = z.array(z.string()).optional();

const Statement = z.strictObject({
  sid: z.string().optional(),
  effect: z.string().default("Allow"),
  actions: Strings,
  resources: Strings,
  principals: z
    .array(z.strictObject({ type: z.string(), identifiers: z.array(z.string()) }))
    .optional(),
  conditions: z
    .array(z.strictObject({ test: z.string(), variable: z.string(), values: z.array(z.string()) }))
    .optional(),
});

type Statement = z.infer<typeof Statement>;

const Arguments = z.strictObject({ statements: z.array(Statement).optional() });

/** The provider renders a list of one as its element. */
const oneOrMany = (values: string[]): string | string[] =>
  values.length === 1 && values[0] !== undefined ? values[0] : values;

/** Conditions of one statement with the same test become one entry. */
const renderConditions = (conditions: { test: string; variable: string; values: string[] }[]) => {
  const rendered: Record<string, Record<string, string | string[]>> = {};
  for (const { test, variable, values } of conditions)
    rendered[test] = { ...rendered[test], [variable]: oneOrMany(values) };
  return rendered;
};

const render = ({ sid, effect, actions, resources, principals, conditions }: Statement) => ({
  ...(sid && { Sid: sid }),
  Effect: effect,
  ...(principals && {
    Principal: Object.fromEntries(
      principals.map(({ type, identifiers }) => [type, oneOrMany(identifiers)]),
    ),
  }),
  ...(actions && { Action: oneOrMany(actions) }),
  ...(resources && { Resource: oneOrMany(resources) }),
  ...(conditions && { Condition: renderConditions(conditions) }),
});

/**
 * Renders the statements, and answers them as they came: SST adds no policy to a role when there are none.
 *
 * @throws z.ZodError for an argument that is not known here: it would be lost without a word.
 */
export const renderPolicyDocument = (inputs: unknown) => {
  const { statements = [] } = Arguments.parse(inputs);
  return {
    json: JSON.stringify({ Version: "2012-10-17", Statement: statements.map(render) }),
    ...(statements.length > 0 && { statements }),
  };
};
