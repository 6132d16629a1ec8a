// A person at both kinds of VS Code: opens a sample, writes calls in an order that cannot work, sees it, asks why, takes
// the fix, and looks at the trace. Screenshots of every look lie in test/editors/output, for people to see.
// Needs test/editors/install.sh; runs with UAPI_EDITORS=1.

import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser } from "./support/browser.ts";
import { hosts } from "./support/hosts.ts";
import { type Person, personAt, see } from "./support/person.ts";
import { makePlace, root } from "./support/place.ts";

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
const claim = ["", "verify group_bind_unblocked on dual_function { safe }"];
const reason = "group 26 is not bound to an IOASID context yet";
const fix = "VFIO_GROUP_BIND_IOASID_FD(g, ctx)";

// The steps of a person follow each other: each starts where the one before left the editor.

/** Sits down at an editor with the samples in front. */
async function personIn({ kind, start }: (typeof hosts)[number]) {
  const place = makePlace();
  cpSync(join(root, "samples"), place.workspace, { recursive: true });
  const host = await start({ place, settings });
  const browser = await openBrowser(place);
  await browser.page.goto(host.url);
  return {
    person: personAt(browser.page, kind),
    async leave() {
      await browser.close();
      await host.close();
      place.remove();
    },
  };
}

describe.each(hosts)("a person at $name", (each) => {
  let person: Person;
  let leave: () => Promise<void>;

  beforeAll(async () => {
    ({ person, leave } = await personIn(each));
  });
  afterAll(() => leave?.());

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
    await person.webview.locator("#picture svg").waitFor();
    await person.webview.locator("#count").filter({ hasText: "6 / 6" }).waitFor();
    await person.look("7-trace");
  });

  test("sees in the trace, in red, the rule that a step breaks", async () => {
    await person.goTo("VFIO_DEVICE_DETACH_IOASID(dev1)  violates");
    await person.webview.locator("#outcome").filter({ hasText: "secure_context" }).waitFor();
    await person.look("8-trace-broken");
  });

  test("moves through the steps by keyboard", async () => {
    const [count, slider] = [person.webview.locator("#count"), person.webview.locator("#slider")];
    const before = await count.innerText();
    await slider.focus();
    await person.page.keyboard.press("ArrowLeft");
    await count.filter({ hasNotText: before }).waitFor();
    await person.page.keyboard.press("ArrowRight");
    await count.filter({ hasText: before }).waitFor();
  });

  test("copies the picture as Mermaid", async () => {
    await person.webview.locator("#copy-mermaid").click();
    await see(
      "Mermaid in the clipboard",
      async () => /^\s*(?:---|flowchart|graph)/.test(await person.clipboard()),
      person,
    );
  });

  test("finds the way to the trace above a scenario too", async () => {
    await person.goTo('scenario "the peer is the host');
    await person.pressLens("show trace", 'scenario "the peer is the host');
    await person.webview.locator("#count").filter({ hasText: "0 / 12" }).waitFor();
    await person.goTo("VFIO_DEVICE_DETACH_IOASID(dev1)  violates");
    await person.webview.locator("#outcome").filter({ hasText: "secure_context" }).waitFor();
  });

  test.each(["Default Light Modern", "Dark High Contrast", "Light High Contrast"])("in %s", async (name) => {
    await person.theme(name);
    const kind = name.includes("High") ? "vscode-high-contrast" : "vscode-light";
    await person.webview.locator(`body.${kind}`).waitFor();
    await person.webview.locator("#picture svg").waitFor();
    await person.webview.locator("#scenario").scrollIntoViewIfNeeded();
    await person.look(`9-trace-${name.toLowerCase().replaceAll(" ", "-")}`);
  });
});

describe.each(hosts)("who makes claims, at $name", (each) => {
  let person: Person;
  let leave: () => Promise<void>;

  beforeAll(async () => {
    ({ person, leave } = await personIn(each));
  });
  afterAll(() => leave?.());

  test("claims something that does not hold, and is told so", async () => {
    await person.open("05-peer-detached.uapi");
    await person.writeBelow(claim);
    await person.showProblems();
    await see(
      "the broken rule",
      async () => (await person.problems()).some((row) => row.includes("secure_context breaks")),
      person,
    );
    await person.look("10-claim");
  });

  test("takes the calls that break it as a scenario", async () => {
    await person.goToProblem("secure_context breaks");
    const offered = await person.lightBulb();
    expect(offered.join("\n")).toContain("write the 4 calls that break the claim as a scenario");
    await person.choose("as a scenario");
    await see(
      "what the last call breaks",
      async () => (await person.text()).includes("violates secure_context"),
      person,
    );
    await person.look("11-counterexample");
  });

  test("compares two proposals", async () => {
    await person.page.keyboard.press("Control+J");
    await person.command("uAPI: Compare Proposals");
    for (const name of ["group_bind", "group_bind_unblocked", "dual_function"]) await person.pick(name);
    await person.webview.getByText("Newly broken by group_bind_unblocked").waitFor();
    await person.look("12-compared");
    await person.command("View: Close Editor");
  });

  test("asks of all proposals what they make possible", async () => {
    await person.command("uAPI: Compare Use Case");
    await person.page.getByPlaceholder("accessible(").fill("accessible(nic0) and accessible(nic1)");
    await person.page.keyboard.press("Enter");
    await person.pick("dual_function");
    await person.webview.locator("td").getByText("iommufd_compat").waitFor();
    await person.look("13-use-case");
  });
});
