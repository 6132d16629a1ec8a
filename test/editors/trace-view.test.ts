// The page of the trace view in a real browser: every theme, the keyboard, what a screen reader gets, and its policy.
// Screenshots are kept for people to look at.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TracedScenario } from "../../server/src/features/trace-picture.ts";
import { crowded } from "../report/crowded.ts";
import { sampleScenarios, scenariosIn } from "../support/pictures.ts";
import { type Browser, openBrowser } from "./support/browser.ts";
import { makePlace, output, type Place } from "./support/place.ts";
import { openTraceHost, type TraceHost, themes } from "./support/trace-host.ts";

let place: Place;
let browser: Browser;
beforeAll(async () => {
  mkdirSync(output, { recursive: true });
  place = makePlace();
  browser = await openBrowser(place);
});
afterAll(async () => {
  await browser?.close();
  place?.remove();
});

function named(file: string, name: string): TracedScenario {
  const found = sampleScenarios(file).find((each) => each.name === name);
  return found ?? expect.unreachable(`${file} has no scenario ${name}`);
}

const peer = named("05-peer-detached.uapi", "the peer is the host's again");
const shared = named("06-two-tasks-one-group.uapi", "a group shared out");
const [many] = scenariosIn(crowded(10, 3));

async function withHost(
  theme: keyof typeof themes,
  size: { readonly width: number; readonly height: number },
  use: (host: TraceHost, page: Page) => Promise<void>,
): Promise<void> {
  const page = await browser.page.context().newPage();
  await page.setViewportSize(size);
  const host = await openTraceHost(page, theme);
  await use(host, page);
  expect(host.complaints).toEqual([]);
  expect(browser.foreign).toEqual([]);
  await page.close();
}

const panel = { width: 640, height: 900 };

describe.each(Object.keys(themes) as (keyof typeof themes)[])("%s", (theme) => {
  test.each([
    ["beside", 640, peer, 9],
    ["narrow", 320, shared, 9],
    ["wide", 1100, many, 33],
  ] as const)("%s", async (name, width, scenario, step) => {
    if (scenario === undefined) expect.unreachable("no scenario");
    await withHost(theme, { width, height: 900 }, async (host, page) => {
      await host.show(scenario, step);
      await host.shows(step);
      await page.screenshot({ path: join(output, `trace-${theme}-${name}.png`), fullPage: true });
      expect(await page.locator("#picture .node").count()).toBeGreaterThan(5);
      expect(await unreadable(page)).toEqual([]);
      // Only the picture may be wider than the panel: it scrolls in itself.
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    });
  });
});

test("forced colours", async () => {
  await withHost("dark", panel, async (host, page) => {
    await page.emulateMedia({ forcedColors: "active" });
    await host.show(peer, 9);
    await host.shows(9);
    await page.screenshot({ path: join(output, "trace-forced-colours.png"), fullPage: true });
    const ground = await page.evaluate("getComputedStyle(document.body).backgroundColor");
    for (const part of [".broken .shape", ".access .line", ".dma .line", ".owner .line", ".changed .shape"]) {
      const stroke = await page.evaluate(
        `getComputedStyle(document.querySelector("#picture ${part}")).stroke`,
      );
      expect(stroke, part).not.toBe(ground);
    }
  });
});

test("steps by button, key and slider", async () => {
  await withHost("light", panel, async (host, page) => {
    await host.show(peer, 1);
    await host.shows(1);
    await page.click("#next");
    await host.shows(2);
    await page.keyboard.press("ArrowRight");
    await host.shows(3);
    await page.keyboard.press("End");
    await host.shows(12);
    expect(await page.locator("#next").isDisabled()).toBe(true);
    await page.keyboard.press("Home");
    await host.shows(0);
    await page.focus("#slider");
    await page.keyboard.press("ArrowRight");
    await host.shows(1);
    expect(await page.evaluate("document.activeElement.id")).toBe("slider");
    expect(await page.getAttribute("#slider", "aria-valuetext")).toBe(
      'step 1 of 12: ctx = open("/dev/ioasid")',
    );
    await host.tell({ type: "move", by: "next" });
    await host.shows(2);
    await page.selectOption("#scenario", "1");
    expect(await host.sent()).toContainEqual({ type: "scenario", index: 1 });
  });
});

test("in the picture arrows move, Enter shows the source", async () => {
  await withHost("light", panel, async (host, page) => {
    await host.show(peer, 9);
    await host.shows(9);
    const focused = (): Promise<string> =>
      page.evaluate("document.activeElement.getAttribute('aria-label') ?? ''");
    await page.focus('#picture [tabindex="0"]');
    const seen = [await focused()];
    for (let next = 0; next < 8; next++) {
      await page.keyboard.press("ArrowDown");
      seen.push(await focused());
    }
    expect(new Set(seen).size).toBe(9);
    expect(seen).toContain(
      "breaks a rule, device nic1, vfio_pci: dev1 gives access to the registers of nic1; DMA of nic1 goes to host",
    );
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    expect((await host.sent()).at(-1)).toMatchObject({ type: "reveal" });
    // The whole picture is one stop for the tab key.
    expect(await page.locator('#picture [tabindex="0"]').count()).toBe(1);
    await page.screenshot({ path: join(output, "trace-focus.png") });
  });
});

test("what a screen reader gets", async () => {
  await withHost("dark", panel, async (host, page) => {
    await host.show(peer, 9);
    await host.shows(9);
    expect(await page.locator('[role="status"]').textContent()).toBe(
      "step 9 of 12: VFIO_DEVICE_DETACH_IOASID(dev1) violates secure_context. " +
        "breaks secure_context: nic0 is accessible while nic1, in the same group 26, does DMA through the host's translated domain. " +
        "breaks secure_context: nic1 is accessible while its own DMA goes through the host's translated domain. " +
        "dev1 is detached now. DMA of nic1 goes to host now (was as)",
    );
    await page.click("summary");
    const table = page.getByRole("table", { name: /devices/ });
    expect(await table.getByRole("row").allTextContents()).toEqual([
      "devicegroupaccessible toownerDMA",
      "! nic026mainctxas",
      "! nic126mainctx* host",
    ]);
    expect(await page.locator('[aria-current="step"]').textContent()).toContain(
      "VFIO_DEVICE_DETACH_IOASID(dev1)",
    );
    await page.screenshot({ path: join(output, "trace-tables.png"), fullPage: true });
    const unnamed = await page
      .locator("button, input, select, [role]")
      .evaluateAll(
        (all) =>
          all.filter((each) => !(each.getAttribute("aria-label") ?? each.textContent ?? "").trim()).length,
      );
    expect(unnamed).toBe(0);
  });
});

test("a step and a cause lead to the source, a rule to its page, and the buttons copy", async () => {
  await withHost("dark", panel, async (host, page) => {
    await host.show(peer, 9);
    await host.shows(9);
    await page.click("#call");
    await page.getByRole("button", { name: "step 9: dev1 becomes detached" }).click();
    await page.getByRole("button", { name: "secure_context", exact: true }).first().click();
    for (const format of ["text", "svg", "mermaid"]) await page.click(`#copy-${format}`);
    await page.click('#picture .node[data-id^="device_fd"]');
    expect((await host.sent()).map(({ type }) => type)).toEqual([
      ...["ready", "reveal", "reveal", "explain", "copy", "copy", "copy", "reveal"],
    ]);
  });
});

test("a keystroke withdraws the verdict until there is a new one", async () => {
  await withHost("light", panel, async (host, page) => {
    await host.show(peer, 9);
    await host.shows(9);
    await host.tell({ type: "updating" });
    await page.waitForSelector('main[aria-busy="true"]');
    expect(await page.locator("main").innerText()).not.toContain("secure_context:");
    await page.screenshot({ path: join(output, "trace-updating.png"), fullPage: true });
    await host.show(peer, 10);
    await host.shows(10);
    expect(await page.locator("main").getAttribute("aria-busy")).toBeNull();
    await host.tell({ type: "nothing", message: "Put the cursor into a scenario." });
    await page.waitForSelector(".nothing");
    expect(await page.locator("main").innerText()).toBe("Put the cursor into a scenario.");
  });
});

test("the policy lets nothing else run or load", async () => {
  const page = await browser.page.context().newPage();
  const host = await openTraceHost(page, "dark");
  const ran = await page.evaluate(`(() => {
    const script = document.createElement("script");
    script.textContent = "globalThis.ran = true";
    document.body.append(script);
    document.body.insertAdjacentHTML("beforeend", '<p id="odd" style="color: red">x</p>');
    return [globalThis.ran === true, getComputedStyle(document.getElementById("odd")).color === "rgb(255, 0, 0)"];
  })()`);
  expect(ran).toEqual([false, false]);
  expect(host.complaints.join("\n")).toMatch(/Content Security Policy/);
  await page.close();
});

/** Texts of the picture that stick out of their shape. */
async function unreadable(page: Page): Promise<string[]> {
  return page.locator("#picture .node").evaluateAll((nodes) =>
    nodes.flatMap((node) => {
      const shape = node.querySelector(".shape")?.getBoundingClientRect();
      if (shape === undefined) return ["no shape"];
      return [...node.querySelectorAll("text:not(.mark-text)")].flatMap((text) => {
        const { left, right, top, bottom } = text.getBoundingClientRect();
        const fits =
          left >= shape.left && right <= shape.right && top >= shape.top - 1 && bottom <= shape.bottom + 1;
        return fits ? [] : [text.textContent ?? ""];
      });
    }),
  );
}
