import { describe, expect, it } from "vitest";
import { curfewNamespace, uuid5 } from "./uuid.ts";

describe("a derived UUID", () => {
  it("is that of RFC 9562's example", () => {
    const dns = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
    expect(uuid5("www.example.com", dns)).toBe("2ed6657d-e927-568b-95e1-2665a8aea6a2");
  });

  it("is the same for the same name for good", () => {
    expect(curfewNamespace).toBe("5f3a4cb2-9f0e-4d8e-8b1d-6c2f7a1e0c57");
    expect(uuid5("a")).toBe(uuid5("a"));
    expect(uuid5("a")).not.toBe(uuid5("b"));
  });
});
