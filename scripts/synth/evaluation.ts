/** What an evaluation answers, over IPC, to the process that started it. */
import * as z from "zod";

const Properties = z.record(z.string(), z.unknown());

/** One AWS resource with its inputs and outputs. */
const Resource = z.strictObject({
  /** Pulumi's, such as `aws:sns/topic:Topic`. */
  type: z.string(),
  /** Pulumi's name, unique for a type. */
  name: z.string(),
  /** The provider's id, by which other resources name this one. */
  id: z.string(),
  properties: Properties,
});
export type Resource = z.infer<typeof Resource>;

/** One bundle that a deployment would make. The environment is not in it: that is on the Lambda function. */
export const Build = z.object({
  functionID: z.string(),
  handler: z.string(),
  links: z.record(z.string(), Properties),
  properties: Properties,
});
export type Build = z.infer<typeof Build>;

export const Evaluation = z.strictObject({
  app: z.string(),
  resources: z.array(Resource),
  builds: z.array(Build),
});
export type Evaluation = z.infer<typeof Evaluation>;
