import { describe, expect, it } from "vitest";
import { credentialEnvironment, staticEnvironment } from "./environment.ts";

const surroundings = {
  app: "curfew",
  stage: "sandbox",
  region: "us-east-1",
  endpoint: "http://127.0.0.1:4566",
};
const config = {
  name: "curfew-sandbox-expire",
  memory: 512,
  environment: { CURFEW_STAGE: "sandbox", SST_KEY: "secret", SST_KEY_FILE: "resource.enc" },
  links: { Table: { name: "curfew-sandbox" } },
};

describe("a function's environment", () => {
  it("has its variables, its links, and what Lambda sets", () => {
    expect(staticEnvironment(config, surroundings)).toMatchObject({
      CURFEW_STAGE: "sandbox",
      SST_RESOURCE_App: '{"name":"curfew","stage":"sandbox"}',
      SST_RESOURCE_Table: '{"name":"curfew-sandbox"}',
      AWS_REGION: "us-east-1",
      AWS_LAMBDA_FUNCTION_NAME: "curfew-sandbox-expire",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
      AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
    });
  });

  it("leaves out the key of the file that only a deployed package has", () => {
    const environment = staticEnvironment(config, surroundings);
    expect(environment).not.toHaveProperty("SST_KEY");
    expect(environment).not.toHaveProperty("SST_KEY_FILE");
  });

  it("keeps the SDK away from the developer's own profiles and credentials", () => {
    expect(staticEnvironment(config, surroundings)).toMatchObject({
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
    });
  });

  it("tells the SDK when to read the role's keys again", () => {
    const expiration = new Date("2026-11-20T18:00:00Z");
    const keys = { accessKeyId: "a", secretAccessKey: "b", sessionToken: "c", expiration };
    expect(credentialEnvironment(keys)).toEqual({
      AWS_ACCESS_KEY_ID: "a",
      AWS_SECRET_ACCESS_KEY: "b",
      AWS_SESSION_TOKEN: "c",
      AWS_CREDENTIAL_EXPIRATION: "2026-11-20T18:00:00.000Z",
    });
  });
});
