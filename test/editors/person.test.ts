// A person at both kinds of VS Code: opens a sample, writes calls in an order that cannot work, sees it, asks why, takes
// the fix, and looks at the trace. Screenshots of every look lie in test/editors/output, for people to see.
// Needs test/editors/install.sh; runs with UAPI_EDITORS=1.

import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Browser, openBrowser } from "./support/browser.ts";
import { type EditorHost, hosts } from "./support/hosts.ts";
import { type Person, personAt, see } from "./support/person.ts";
import { makePlace, type Place, root } from "./support/place.ts";

const broken = [
  "",
  'scenario "mine" on dual_function with group_bind {',
  'ctx = open("/dev/ioasid")',
  'g = open("/dev/vfio/26")',
  "dev0 = VFIO_GROUP_GET_DEVICE_FD(g, nic0)",
  "VFIO_DEVICE_ATTACH_IOASID(dev0, IOASID_ALLOC(ctx))",
  "mmap(dev0)",
  "}",
];
// VS Code closes what it opens only once it has coloured the text: who types all of it depends on nothing.
const settings = {
  "workbench.colorTheme": "Default Dark Modern",
  "editor.autoClosingBrackets": "never",
  "editor.autoClosingQuotes": "never",
};
const reason = "group 26 is not bound to an IOASID context yet";
const fix = "VFIO_GROUP_BIND_IOASID_FD(g, ctx)";

// The steps follow each other: each starts where the one before left the editor.
describe.each(hosts)("a person at $name", ({ kind, start }) => {
  let place: Place;
  let host: EditorHost;
  let browser: Browser;
  let person: Person;

  beforeAll(async () => {
    place = makePlace();
    cpSync(join(root, "samples"), place.workspace, { recursive: true });
    host = await start({ place, settings });
    browser = await openBrowser(place);
    person = personAt(browser.page, kind);
    await browser.page.goto(host.url);
  });
  afterAll(async () => {
    await browser?.close();
    await host?.close();
    place?.remove();
  });

  test("opens a sample and sees it in colours, without a problem", async () => {
    await person.open("05-peer-detached.uapi");
    await person.verdict.filter({ hasText: "clean" }).waitFor();
    expect(await person.squiggles.count()).toBe(0);
    await person.look("1-sample");
  });

  test("writes calls in an order that cannot work, and sees a squiggle", async () => {
    await person.writeBelow(broken);
    await person.squiggles.first().waitFor();
    await person.verdict.filter({ hasText: "1 error" }).waitFor();
    await person.look("2-squiggle");
  });

  test("finds it among the problems", async () => {
    await person.showProblems();
    await see(
      "the problem",
      async () => (await person.problems()).some((row) => row.includes(reason)),
      person,
    );
    await person.look("3-problems");
  });

  test("reads under the pointer why", async () => {
    await person.goToProblem(reason);
    const text = await person.hover();
    expect(text).toContain(reason);
    await person.look("4-hover");
  });

  test("takes the fix from the light bulb, and the problem is gone", async () => {
    const offered = await person.lightBulb();
    await person.look("5-light-bulb");
    expect(offered.join("\n")).toContain(fix);
    await person.choose(fix);
    await see("the missing call", async () => (await person.text()).includes(fix), person);
    await see(
      "no problem",
      async () => !(await person.problems()).some((row) => row.includes(reason)),
      person,
    );
    expect(await person.squiggles.count()).toBe(0);
    await person.look("6-fixed");
  });

  test("is offered what succeeds here, first", async () => {
    for (const key of ["Control+End", "ArrowUp", "End", "Enter"]) await person.page.keyboard.press(key);
    const [first] = await person.suggestions();
    expect(first).toMatch(/\bok$/);
    await person.look("6-completion");
    await person.page.keyboard.press("Escape");
    await person.page.keyboard.press("Control+Z");
    await person.verdict.filter({ hasText: "clean" }).waitFor();
  });

  test("opens the trace, which shows the state behind the step at the cursor", async () => {
    // More room: the list of problems goes, and that of files.
    await person.page.keyboard.press("Control+J");
    await person.page.keyboard.press("Control+B");
    await person.command("uAPI: Show Trace");
    await person.trace.locator("#picture svg").waitFor();
    await person.trace.locator("#count").filter({ hasText: "6 / 6" }).waitFor();
    await person.look("7-trace");
  });

  test("sees in the trace, in red, the rule that a step breaks", async () => {
    await person.goTo("VFIO_DEVICE_DETACH_IOASID(dev1)  violates");
    await person.trace.locator("#outcome").filter({ hasText: "secure_context" }).waitFor();
    await person.look("8-trace-broken");
  });

  test("moves through the steps by keyboard", async () => {
    const [count, slider] = [person.trace.locator("#count"), person.trace.locator("#slider")];
    const before = await count.innerText();
    await slider.focus();
    await person.page.keyboard.press("ArrowLeft");
    await count.filter({ hasNotText: before }).waitFor();
    await person.page.keyboard.press("ArrowRight");
    await count.filter({ hasText: before }).waitFor();
  });

  test("copies the picture as Mermaid", async () => {
    await person.trace.locator("#copy-mermaid").click();
    await see(
      "Mermaid in the clipboard",
      async () => /^\s*(?:---|flowchart|graph)/.test(await person.clipboard()),
      person,
    );
  });

  test("finds the way to the trace above a scenario too", async () => {
    await person.goTo('scenario "the peer is the host');
    await person.pressLens("show trace", 'scenario "the peer is the host');
    await person.trace.locator("#count").filter({ hasText: "0 / 12" }).waitFor();
    await person.goTo("VFIO_DEVICE_DETACH_IOASID(dev1)  violates");
    await person.trace.locator("#outcome").filter({ hasText: "secure_context" }).waitFor();
  });

  test.each(["Default Light Modern", "Dark High Contrast", "Light High Contrast"])("in %s", async (name) => {
    await person.theme(name);
    const kind = name.includes("High") ? "vscode-high-contrast" : "vscode-light";
    await person.trace.locator(`body.${kind}`).waitFor();
    await person.trace.locator("#picture svg").waitFor();
    await person.trace.locator("#scenario").scrollIntoViewIfNeeded();
    await person.look(`9-trace-${name.toLowerCase().replaceAll(" ", "-")}`);
  });
});
