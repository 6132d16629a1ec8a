// The suite of suite/cases.ts inside both kinds of VS Code: the Node extension host with the packaged extension, and the
// web one. Each case is one test here. Needs test/editors/install.sh; runs with UAPI_EDITORS=1.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cases } from "./suite/cases.ts";
import { openBrowser } from "./support/browser.ts";
import { type EditorHost, hosts } from "./support/hosts.ts";
import { makePlace, type Place, suite } from "./support/place.ts";

interface Result {
  readonly name: string;
  readonly problem: string | null;
}

describe.each(hosts)("$name", ({ kind, start }) => {
  let place: Place;
  let host: EditorHost;
  let results: ReadonlyMap<string, Result>;
  let foreign: readonly string[];
  let log = "";

  beforeAll(async () => {
    place = makePlace();
    host = await start({ place, suite });
    const browser = await openBrowser(place);
    const said: Result[] = [];
    const ended = new Promise<number>((done) => browser.page.exposeFunction("codeAutomationExit", done));
    await browser.page.exposeFunction("codeAutomationLog", (_: string, words: readonly unknown[]) => {
      const line = words.map(String).join(" ");
      const found = /uapi-case (\{.*\})/s.exec(line);
      if (found?.[1] === undefined) log += `${line}\n`;
      else said.push(JSON.parse(found[1]));
    });
    await browser.page.goto(host.url);
    const code = await ended;
    results = new Map(said.map((result) => [result.name, result]));
    foreign = browser.foreign;
    log = `the suite ended with ${code}\n${log}\n${browser.console.join("\n")}\n${host.log()}`;
    await browser.close();
  });
  afterAll(async () => {
    await host?.close();
    place?.remove();
  });

  test.each(cases.filter(({ only }) => only === undefined || only === kind))("$name", ({ name }) => {
    const result = results.get(name) ?? { name, problem: `not run\n${log}` };
    expect(result.problem, result.problem ?? "").toBeNull();
  });

  test("nothing is asked of another machine", () => {
    expect(foreign).toEqual([]);
  });
});
