/** The account that an ARN names; empty where it names none. */
export const accountOf = (arn: string): string => arn.split(":")[4] ?? "";
