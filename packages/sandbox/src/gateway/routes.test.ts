import { describe, expect, it } from "vitest";
import { createRouter } from "./routes.ts";

const match = (keys: string[], request: string) => {
  const [method = "", path = ""] = request.split(" ");
  const router = createRouter(
    keys.map((key) => ({ key, functionArn: "arn", timeout: 1, authorizer: undefined })),
  );
  const found = router(method, path.split("/").slice(1));
  return found && { key: found.route.key, ...found.parameters };
};

const keys = [
  "$default",
  "GET /requests/{proxy+}",
  "ANY /requests/{id}",
  "GET /requests/{id}",
  "GET /requests/mine",
  "GET /",
];

describe("the router", () => {
  it.each([
    ["GET /requests/mine", { key: "GET /requests/mine" }],
    ["GET /requests/req_1", { key: "GET /requests/{id}", id: "req_1" }],
    ["PUT /requests/req_1", { key: "ANY /requests/{id}", id: "req_1" }],
    ["GET /requests/req_1/more/of", { key: "GET /requests/{proxy+}", proxy: "req_1/more/of" }],
    ["GET /", { key: "GET /" }],
    ["GET /requests", { key: "$default" }],
    ["GET /requests/", { key: "$default" }],
    ["PATCH /elsewhere", { key: "$default" }],
  ])("takes %s where it is spelled out most", (request, expected) => {
    expect(match(keys, request)).toEqual(expected);
  });

  it("finds nothing where no route fits", () => {
    expect(match(["GET /requests/{id}"], "POST /requests/req_1")).toBeUndefined();
    expect(match(["GET /requests/{id}"], "GET /requests/req_1/")).toBeUndefined();
    expect(match(["GET /requests/{id}"], "GET /requests/")).toBeUndefined();
  });
});
