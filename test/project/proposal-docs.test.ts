// Every call of a shipped proposal says what it is for, and where that is from.

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { root } from "../support/project-files.ts";

const folder = `${root}server/proposals/`;
const call = /^((?: *\/\/\/.*\n)*) *(?:override )?(?:ioctl|op) (\w+)/gm;

test.each(readdirSync(folder).filter((name) => name.endsWith(".uapi")))("%s", (name) => {
  const calls = [...readFileSync(folder + name, "utf8").matchAll(call)];
  expect(calls.length).toBeGreaterThan(0);
  expect(calls.filter(([, doc = ""]) => !doc.includes("Source: ")).map(([, , of]) => of)).toEqual([]);
});
