// What a person does in VS Code, by mouse and keyboard, and what they see. Each step waits until it can be seen; nothing
// is known of VS Code's insides but the names of a few classes, which are the same from 1.91 to 1.139.

import { join } from "node:path";
import type { FrameLocator, Locator, Page } from "playwright-core";
import { output } from "./place.ts";
import { waitFor } from "./wait.ts";

export interface Person {
  readonly page: Page;
  readonly open: (file: string) => Promise<void>;
  /** Types at the end of the text, line by line, as the editor indents it. */
  readonly writeBelow: (lines: readonly string[]) => Promise<void>;
  /** The texts under red squiggles. */
  readonly squiggles: Locator;
  readonly problems: () => Promise<readonly string[]>;
  readonly showProblems: () => Promise<void>;
  /** From the list of problems to the place of one. */
  readonly goToProblem: (text: string) => Promise<void>;
  /** Points at the first squiggle, and reads what comes up. */
  readonly hover: () => Promise<string>;
  /** Opens the menu of the light bulb at the cursor. */
  readonly lightBulb: () => Promise<readonly string[]>;
  readonly choose: (title: string) => Promise<void>;
  readonly command: (title: string) => Promise<void>;
  /** What the extension's item in the status bar says. */
  readonly verdict: Locator;
  /** The page that is shown: the trace view, or one to read. */
  readonly webview: FrameLocator;
  /** From the list that is open at the top, by its name. */
  readonly pick: (name: string) => Promise<void>;
  /** Chooses a colour theme by its name. */
  readonly theme: (name: string) => Promise<void>;
  /** Puts the cursor at the start of the next line that has `words`. */
  readonly goTo: (words: string) => Promise<void>;
  /** Presses what stands in small print above the line that has `words`. */
  readonly pressLens: (title: string, words: string) => Promise<void>;
  /** The list that Ctrl+Space shows. */
  readonly suggestions: () => Promise<readonly string[]>;
  readonly clipboard: () => Promise<string>;
  readonly text: () => Promise<string>;
  readonly look: (name: string) => Promise<void>;
}

const patience = { timeout: 60_000 };

export function personAt(page: Page, kind: string): Person {
  page.setDefaultTimeout(patience.timeout);
  const lines = page.locator(".part.editor .view-line");
  const menu = page.locator(".action-widget .monaco-list-row.action");
  const suggestions = page.locator(".suggest-widget.visible");
  const hover = page.locator(".monaco-hover:visible");
  const problemRows = page.locator(".markers-panel .monaco-list-row");
  const squiggles = page.locator(".squiggly-error");
  const bulb = page
    .locator('.part.editor :is(.lightBulbWidget, [class*="gutter-lightbulb"]):visible')
    .first();
  const focusedEditor = page.locator(".part.editor .monaco-editor.focused").first();
  const quickInput = page.locator(".quick-input-widget .quick-input-box input");

  const closeSuggestions = async (): Promise<void> => {
    if (await suggestions.isVisible()) await page.keyboard.press("Escape");
  };
  const focusEditor = async (): Promise<void> => {
    await page.keyboard.press("Control+1"); // the first group of editors
    await focusedEditor.waitFor();
  };
  const away = async (): Promise<void> => {
    // An open hover swallows the next key.
    await page.mouse.move(5, 5);
    await hover.first().waitFor({ state: "hidden" });
  };

  const person: Person = {
    page,
    squiggles,
    verdict: page.locator('.statusbar-item[id*="uapi.verdict"]'),
    async open(file) {
      await page.locator(".explorer-folders-view .monaco-list-row").filter({ hasText: file }).dblclick();
      await page.locator(".tab.active").filter({ hasText: file }).waitFor();
      await lines.first().waitFor();
    },
    async writeBelow(text) {
      await focusEditor();
      await page.keyboard.press("Control+End");
      for (const [index, line] of text.entries()) {
        if (index > 0) {
          await closeSuggestions();
          await page.keyboard.press("Enter");
        }
        // By hand: what VS Code does about a bracket waits until the text is coloured.
        await page.keyboard.type(line, { delay: 10 });
      }
      await closeSuggestions();
    },
    async showProblems() {
      await page.keyboard.press("Control+Shift+M");
      await page.locator(".markers-panel").waitFor();
    },
    async problems() {
      const rows = await problemRows.allInnerTexts();
      return rows.map((row) => row.replace(/\s+/g, " ").trim());
    },
    async goToProblem(text) {
      await problemRows.filter({ hasText: text }).first().dblclick();
      await focusedEditor.waitFor();
      await squiggles.first().waitFor();
    },
    async hover() {
      await away();
      // The editor draws its lines anew now and then: what was found may be gone.
      const box = await waitFor(
        "a squiggle",
        async () => (await squiggles.first().boundingBox()) ?? undefined,
      );
      await page.mouse.move(box.x + 30, box.y + box.height / 2);
      await hover.first().waitFor();
      return (await hover.first().innerText()).replace(/\s+/g, " ");
    },
    async lightBulb() {
      await away();
      // VS Code asks for what there is as soon as the cursor rests; who is faster is told that there is nothing.
      await bulb.waitFor();
      await page.keyboard.press("Control+.");
      await menu.first().waitFor();
      return menu.allInnerTexts();
    },
    async choose(title) {
      const chosen = menu.and(page.locator(".focused"));
      for (let left = await menu.count(); left > 0; left -= 1) {
        if ((await chosen.innerText()).includes(title)) break;
        await page.keyboard.press("ArrowDown");
      }
      await chosen.filter({ hasText: title }).waitFor();
      await page.keyboard.press("Enter");
      await menu.first().waitFor({ state: "hidden" });
    },
    async command(title) {
      await page.keyboard.press("F1");
      await quickInput.fill(`>${title}`);
      await page.locator(".quick-input-list .monaco-list-row").filter({ hasText: title }).first().click();
      await away();
    },
    webview: page.frameLocator("iframe.webview.ready").frameLocator("#active-frame"),
    async pick(name) {
      await quickInput.fill(name);
      await page.locator(".quick-input-list .monaco-list-row.focused").filter({ hasText: name }).waitFor();
      await page.keyboard.press("Enter");
    },
    async theme(name) {
      await person.command("Preferences: Color Theme");
      await person.pick(name);
      await quickInput.waitFor({ state: "hidden" });
    },
    async goTo(words) {
      await away();
      // By the search: the line need not be on the screen.
      await focusEditor();
      await page.keyboard.press("Control+F");
      const box = page.locator(".find-widget.visible textarea[aria-label='Find']");
      await box.fill(words);
      await page.locator(".find-widget.visible .matchesCount").filter({ hasText: /of/ }).waitFor();
      await page.keyboard.press("Escape");
      await page.locator(".find-widget.visible").waitFor({ state: "hidden" });
      await page.keyboard.press("Home");
    },
    async pressLens(title, words) {
      const lenses = page.locator(".codelens-decoration a").filter({ hasText: title });
      const at = await waitFor(`${title} above ${words}`, async () => {
        const line = await lines.filter({ hasText: words }).first().boundingBox();
        if (line === null) return undefined;
        const boxes = await Promise.all((await lenses.all()).map((lens) => lens.boundingBox()));
        return (
          boxes.find((box) => box !== null && box.y < line.y && box.y > line.y - 2 * line.height) ?? undefined
        );
      });
      await page.mouse.click(at.x + at.width / 2, at.y + at.height / 2);
    },
    async suggestions() {
      await page.keyboard.press("Control+Space");
      await suggestions.locator(".monaco-list-row").first().waitFor();
      return suggestions.locator(".monaco-list-row").allInnerTexts();
    },
    clipboard: () => page.evaluate("navigator.clipboard.readText()"),
    async text() {
      const shown = await lines.allInnerTexts();
      return shown.join("\n").replaceAll("\u00a0", " ");
    },
    async look(name) {
      await page.screenshot({ path: join(output, `${kind}-${name}.png`), animations: "disabled" });
    },
  };
  return person;
}

/** Waits for what a person would see sooner or later; says what they saw instead. */
export const see = async (what: string, ask: () => Promise<boolean>, person: Person): Promise<void> => {
  await waitFor(what, ask, async () => {
    await person.look("failed");
    return `${await person.text()}\nproblems: ${(await person.problems()).join("\n")}`;
  });
};
