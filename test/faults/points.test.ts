import { describe, expect, it } from "vitest";
import {
  callSites,
  chosenBy,
  eitherOf,
  faultOf,
  nameOf,
  pointsOf,
  sampleOf,
  spread,
  undisturbedOf,
} from "./points.ts";

const cycle = { name: "group", strikes: (name: string) => name.includes("escalate") };
const call = (caller: string | undefined, operation: string) => ({
  function: caller,
  service: "dynamodb",
  operation,
  outcome: "ok",
});
const escalate = "curfew-sandbox-escalate-aws_sso";

const sites = callSites(cycle, [
  call(escalate, "GetItem"),
  call("curfew-sandbox-expire", "GetItem"),
  call(undefined, "GetItem"),
  call("db-escalate", "GetItem"),
  call(escalate, "PutItem"),
  call(escalate, "GetItem"),
  call("curfew-sandbox-deescalate-aws_sso", "GetItem"),
]);

describe("the calls of a cycle", () => {
  it("are those of the functions that it strikes, counted by function and operation", () => {
    expect(sites.map((site) => [site.function, site.operation, site.nth])).toEqual([
      ["escalate-aws_sso", "GetItem", 0],
      ["escalate-aws_sso", "PutItem", 0],
      ["escalate-aws_sso", "GetItem", 1],
      ["deescalate-aws_sso", "GetItem", 0],
    ]);
  });

  it("are all that were made in either of two recordings, each once", () => {
    const [first, second, third] = sites;
    if (!first || !second || !third) throw new Error("There are no sites.");
    expect(eitherOf([first, second], [third, first])).toEqual([
      third,
      first,
      { ...second, isCold: true },
    ]);
  });

  it("are struck once with each kind of fault; with an answer that does not come, if they change something", () => {
    const names = pointsOf(sites).map(nameOf);
    expect(names).toHaveLength(4 * 5 + 2);
    expect(new Set(names).size).toBe(names.length);
    expect(names[0]).toBe("group: escalate-aws_sso dynamodb:GetItem[0] throttled");
    const unanswered = names.filter((name) => / (late|lost)$/.test(name));
    const put = "group: escalate-aws_sso dynamodb:PutItem[0]";
    expect(unanswered).toEqual([`${put} late`, `${put} lost`]);
  });

  it("may hang by service and phase, whether they are struck or not", () => {
    const hanging = { ...cycle, hangs: (service: string) => service === "dynamodb" };
    const hangs = pointsOf(
      callSites(hanging, [
        call(escalate, "GetItem"),
        call(escalate, "PutItem"),
        call("curfew-sandbox-expire", "GetItem"),
        call("curfew-sandbox-list-flows", "GetItem"),
        { ...call(escalate, "Publish"), service: "sns" },
      ]),
    ).filter(({ kind }) => kind === "hang");
    expect(hangs.map(nameOf)).toEqual([
      "group: granting dynamodb:*[0] hang",
      "group: expiring dynamodb:*[0] hang",
    ]);
  });
});

it("lets nothing go wrong after the effect of a call that has none", () => {
  const refused = { ...call(escalate, "GetItem"), outcome: "ResourceNotFoundException" };
  expect(pointsOf(callSites(cycle, [refused])).map(({ kind }) => kind)).toEqual([
    "throttled",
    "500 before",
    "killed before",
  ]);
});

it("chooses a kind by its name, and nothing that only contains it", () => {
  const chosen = pointsOf(sites).filter(chosenBy(["late"], []));
  expect(chosen.map(nameOf)).toEqual(["group: escalate-aws_sso dynamodb:PutItem[0] late"]);
});

describe("the fault of a point", () => {
  const point = { cycle: "group", function: "escalate-aws_sso", service: "sso", nth: 2 };

  it("strikes the one call that it names", () => {
    const site = { service: "sso", operation: "DeleteAccountAssignment", skip: 2 };
    expect(faultOf({ ...point, operation: "DeleteAccountAssignment", kind: "late" })).toEqual({
      ...site,
      ...{ function: "escalate-aws_sso", when: "before", latency: 35_000, times: 1 },
    });
  });

  it("calls a customer's function later than its client waits", () => {
    const fault = faultOf({ ...point, operation: "Invoke", kind: "late" });
    expect(fault).toMatchObject({ latency: 90_000 });
  });

  it("lasts for a minute where a service hangs", () => {
    expect(faultOf({ ...point, function: "ending", nth: 0, operation: "*", kind: "hang" })).toEqual(
      {
        ...{ service: "sso", operation: "*", when: "before", latency: 60_000, lasting: 60_000 },
        function: ["deescalate"],
      },
    );
  });

  it("is none where the cycle alone is trouble enough", () => {
    const cycles = [{ name: "a", isUndisturbed: true }, { name: "b" }];
    expect(undisturbedOf(cycles).map(nameOf)).toEqual(["a: undisturbed"]);
    expect(undisturbedOf(cycles).map(faultOf)).toEqual([undefined]);
  });
});

describe("an order that is spread", () => {
  it.each([0, 1, 2, 5, 13, 34, 100])("has each of %d once", (length) => {
    const items = Array.from({ length }, (_, index) => index);
    expect(spread(items).toSorted((a, b) => a - b)).toEqual(items);
  });

  it("meets each tenth of all within the first twenty of a hundred", () => {
    const first = spread(Array.from({ length: 100 }, (_, index) => index)).slice(0, 20);
    expect(new Set(first.map((item) => Math.floor(item / 10))).size).toBe(10);
  });
});

describe("a choice of points", () => {
  const points = pointsOf([...sites, ...sites.map((site) => ({ ...site, cycle: "other" }))]);

  it("as a sample has as many of each cycle", () => {
    expect(sampleOf(points, 3).map((point) => point.cycle)).toEqual([
      ...["group", "group", "group"],
      ...["other", "other", "other"],
    ]);
  });

  it("by words has all of them, and none that is not wanted", () => {
    const names = points.filter(chosenBy(["group", "GetItem", "killed"], ["deescalate"]));
    expect(names.map(nameOf)).toEqual([
      "group: escalate-aws_sso dynamodb:GetItem[0] killed before",
      "group: escalate-aws_sso dynamodb:GetItem[0] killed after",
      "group: escalate-aws_sso dynamodb:GetItem[1] killed before",
      "group: escalate-aws_sso dynamodb:GetItem[1] killed after",
    ]);
  });
});
