import { awsSso } from "../deps.ts";
import { escalateStep } from "../steps/escalate-step.ts";

/** State "Escalate", for requests of strategy `aws_sso`. */
export const handler = escalateStep(awsSso);
