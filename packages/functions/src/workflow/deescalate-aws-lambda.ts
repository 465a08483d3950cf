import { awsLambda } from "../deps.ts";
import { deescalateStep } from "../steps/deescalate-step.ts";

/** State "Deescalate", for requests of strategy `aws_lambda`. */
export const handler = deescalateStep(awsLambda);
