import { describe, expect, it } from "vitest";
import { AwsError, type Service } from "../service.ts";
import { queryProtocol } from "./query.ts";

const service: Service = { signingName: "sns", xmlNamespace: "urn:sns", operations: {} };

const read = (form: string) =>
  queryProtocol.read(service, {
    method: "POST",
    path: "/",
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.from(form),
  });

describe("a form of the query protocol", () => {
  it("becomes an operation and its members, with lists in their order", () => {
    const tags = Array.from(
      { length: 11 },
      (_, index) => `Tags.member.${11 - index}.Key=k${11 - index}`,
    );
    expect(read(`Action=AssumeRole&Version=2011-06-15&RoleArn=arn&${tags.join("&")}`)).toEqual({
      operation: "AssumeRole",
      input: {
        RoleArn: "arn",
        Tags: Array.from({ length: 11 }, (_, index) => ({ Key: `k${index + 1}` })),
      },
    });
  });

  it("becomes maps, by either spelling of their entries", () => {
    const form =
      "Action=Publish&A.entry.1.Name=event&A.entry.1.Value.DataType=String&B.entry.1.key=k&B.entry.1.value=v";
    expect(read(form).input).toEqual({ A: { event: { DataType: "String" } }, B: { k: "v" } });
  });

  it("cannot reach Object's prototype", () => {
    read("Action=Publish&__proto__.polluted=yes&constructor.prototype.polluted=yes");
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  it("is refused without an action", () => {
    expect(() => read("Version=1")).toThrow("must contain the parameter Action");
  });
});

describe("an answer of the query protocol", () => {
  it("is XML with lists, maps, times and escaped text, and without absent members", () => {
    const output = {
      Text: '<a> & "b"',
      List: ["x", { Y: 1 }],
      Attributes: new Map([["k", "v"]]),
      Time: new Date("2026-01-01T00:00:00Z"),
      Absent: undefined,
    };
    expect(queryProtocol.write(service, "Get", output, "id").body).toBe(
      '<GetResponse xmlns="urn:sns"><GetResult><Text>&lt;a&gt; &amp; &quot;b&quot;</Text>' +
        "<List><member>x</member><member><Y>1</Y></member></List>" +
        "<Attributes><entry><key>k</key><value>v</value></entry></Attributes>" +
        "<Time>2026-01-01T00:00:00.000Z</Time></GetResult>" +
        "<ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></GetResponse>",
    );
  });

  it.each([
    [404, "Sender"],
    [500, "Receiver"],
  ])("says of an error with status %i that it is the %s's", (status, type) => {
    const { body } = queryProtocol.fail(service, new AwsError("Code", "Why", status), "id");
    expect(body).toContain(`<Type>${type}</Type><Code>Code</Code><Message>Why</Message>`);
  });
});
