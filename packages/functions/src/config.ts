import { strategyDefinitions } from "@curfew/aws";
import { parseConfig } from "@curfew/core";
import input from "../../../curfew.config.ts";

/** The organisation's configuration, as it was when the functions were built. */
export const config = parseConfig(input, strategyDefinitions);
