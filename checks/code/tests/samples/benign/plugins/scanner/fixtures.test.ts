import { describe, expect, it } from "vitest";
import { findings } from "./rules";

describe("rules", () => {
  it("finds what it should", () => {
    expect(findings('import { exec } from "child_process"; exec("ls")')).toEqual(["dangerous-exec"]);
    expect(findings("eval(input)")).toEqual(["dynamic-code"]);
    expect(findings("const e = process.env; fetch(u)")).toEqual([]);
  });
});
