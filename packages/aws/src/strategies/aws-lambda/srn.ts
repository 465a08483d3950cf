/**
 * A name of one of Curfew's things, as customers' functions know them:
 * `<ORG>:<MODEL>[:<TYPE>]:<SLUG>:<VERSION>[:<IDENTIFIER>]`.
 */
export interface Srn {
  /** Slug of the organisation. */
  org: string;
  model: string;
  /** Only users and targets may have one. */
  type?: string;
  slug: string;
  /** `latest` or `n.n.n`. */
  version: string;
  identifier?: string;
}

const part = /^[a-zA-Z0-9-_]+$/;
const isVersion = (text: string | undefined): boolean =>
  text === "latest" || /^\d+\.\d+\.\d+$/.test(text ?? "");

const mayHaveType = (model: string): boolean => model === "user" || model.endsWith("target");

/** The SRN as text. Never throws, for an access must end whatever its things are called: what may not stand in a part becomes `-`. */
export const formatSrn = ({ org, model, type, slug, version, identifier }: Srn): string => {
  const fit = (given: string): string => given.replaceAll(/[^a-zA-Z0-9-_]/g, "-");
  const optional = (given: string | undefined): string[] =>
    given === undefined ? [] : [fit(given)];
  return [
    fit(org),
    fit(model),
    ...optional(type),
    fit(slug),
    version,
    ...optional(identifier),
  ].join(":");
};

/**
 * Takes an SRN apart, in lower case.
 *
 * @throws Error for a text that ends in a colon, has fewer than four parts or too many, or a part that is not allowed in its place
 */
export const parseSrn = (text: string): Srn => {
  const refuse = (why: string): Error => new Error(`${JSON.stringify(text)} is no SRN: ${why}.`);
  if (text.endsWith(":")) throw refuse("it ends in a colon");
  const parts = text.toLowerCase().split(":");
  if (parts.length < 4) throw refuse("it has fewer than four parts");

  const [org = "", model = "", ...rest] = parts;
  const typed = !isVersion(rest[1]) && mayHaveType(model);
  const type = typed ? rest.shift() : undefined;
  const [slug = "", version = "", identifier, ...more] = rest;
  if (more.length > 0) throw refuse("it has too many parts");
  if (!isVersion(version)) throw refuse(`${JSON.stringify(version)} is no version`);
  for (const given of [org, model, type, slug, identifier])
    if (given !== undefined && !part.test(given))
      throw refuse(`${JSON.stringify(given)} may not stand in it`);
  return {
    org,
    model,
    ...(type === undefined ? {} : { type }),
    slug,
    version,
    ...(identifier === undefined ? {} : { identifier }),
  };
};
