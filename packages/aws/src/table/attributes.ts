import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** The attributes of an item, or some of them: the table holds nothing but texts and numbers. */
export type Values = Record<string, string | number>;

type Attributes = Record<string, AttributeValue>;

/** Values as DynamoDB takes them. */
export const attributesOf = (values: Readonly<Values>): Attributes =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "number" ? { N: String(value) } : { S: value },
    ]),
  );

/** The values that DynamoDB gave; what is neither text nor number is passed over. */
export const valuesIn = (attributes: Readonly<Attributes>): Values => {
  const values: Values = {};
  for (const [name, { S: text, N: number }] of Object.entries(attributes)) {
    const value = text ?? (number === undefined ? undefined : Number(number));
    if (value !== undefined) values[name] = value;
  }
  return values;
};
