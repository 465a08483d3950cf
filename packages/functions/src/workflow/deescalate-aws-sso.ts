import { awsSso } from "../deps.ts";
import { deescalateStep } from "../steps/deescalate-step.ts";

/** State "Deescalate", for requests of strategy `aws_sso`. */
export const handler = deescalateStep(awsSso);
