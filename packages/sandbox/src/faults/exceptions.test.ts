import { describe, expect, it } from "vitest";
import { exceptionOf } from "./exceptions.ts";

describe("an injected exception", () => {
  it.each([
    ["sso", "throttled", "ThrottlingException", 400],
    ["sso", "internal", "InternalServerException", 500],
    ["lambda", "throttled", "TooManyRequestsException", 429],
    ["lambda", "internal", "ServiceException", 500],
    ["dynamodb", "internal", "InternalServerError", 500],
    ["sns", "throttled", "Throttled", 429],
    ["sts", "internal", "InternalFailure", 500],
    ["sts", "AccessDenied", "AccessDenied", 403],
    ["sso", "ConflictException", "ConflictException", 400],
    ["scheduler", "ConflictException", "ConflictException", 409],
    ["scheduler", "ServiceQuotaExceededException", "ServiceQuotaExceededException", 402],
    ["lambda", "ResourceNotFoundException", "ResourceNotFoundException", 404],
    ["lambda", "AccessDeniedException", "AccessDeniedException", 403],
    ["lambda", "InvalidParameterValueException", "InvalidParameterValueException", 400],
    ["states", "ServiceUnavailable", "ServiceUnavailable", 503],
  ])("of %s, asked for as %s, is %s with status %i", (service, error, code, status) => {
    expect(exceptionOf(service, error)).toMatchObject({ code, status });
  });
});
