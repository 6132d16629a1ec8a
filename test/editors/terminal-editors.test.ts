// Real terminal editors with the setup that client/editors documents, each with the server over stdio: a person opens
// a file with an error, reads it, asks for help, takes the fix, types on, renames, formats and saves.
// Needs test/editors/install.sh; runs with UAPI_EDITORS=1.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { batchSession, emacs, neovim, newerNeovim, vim } from "./support/batch.ts";
import { helixSession, type Report } from "./support/helix.ts";
import { makePlace, type Place, root } from "./support/place.ts";

const steps = ["diagnostics", "hover", "code action", "typing", "rename", "format"];
const expected = readFileSync(join(root, "test/editors/fixtures/first-steps.expected.uapi"), "utf8");

const editors: Readonly<Record<string, (place: Place, file: string) => Promise<Report>>> = {
  "Neovim 0.7": (place, file) => batchSession(neovim, place, file),
  "Neovim 0.10": (place, file) => batchSession(newerNeovim, place, file),
  "Vim with ALE": (place, file) => batchSession(vim, place, file),
  "Emacs with eglot": (place, file) => batchSession(emacs, place, file),
  Helix: helixSession,
};

describe.each(Object.entries(editors))("%s", (_, session) => {
  let place: Place;
  let file: string;
  let report: Report;

  beforeAll(async () => {
    place = makePlace();
    file = place.add("first-steps.uapi");
    report = await session(place, file);
  });
  afterAll(() => place.remove());

  test.each(steps)("%s", (step) => {
    const result = report.steps.get(step) ?? "not reached, for an earlier step failed";
    // The log is shown once, with the step that failed.
    expect(result, report.steps.has(step) && result !== "ok" ? report.log : step).toBe("ok");
  });

  test("what is saved", () => {
    expect(readFileSync(file, "utf8")).toBe(expected);
  });
});
