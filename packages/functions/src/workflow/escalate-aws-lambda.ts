import { awsLambda } from "../deps.ts";
import { escalateStep } from "../steps/escalate-step.ts";

/** State "Escalate", for requests of strategy `aws_lambda`. */
export const handler = escalateStep(awsLambda);
