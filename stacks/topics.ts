import { names } from "./stage.ts";

/** What happened to requests, for people and for other systems. */
export const results = new sst.aws.SnsTopic("Results", {
  transform: { topic: { name: names.results } },
});

/** What somebody has to look at. Alarms come here, too: they carry no attributes to filter by. */
export const errors = new sst.aws.SnsTopic("Errors", {
  transform: { topic: { name: names.errors } },
});
