// A stand-in for the editor around the page of the trace view: a real browser, the built page under its real policy, the
// theme's colours as an editor gives them, and the language server's own answers.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { pageHtml } from "../../../client/src/views/trace/page.ts";
import { pictureOf, stepLines, type TracedScenario } from "../../../server/src/features/trace-picture.ts";
import { root } from "./place.ts";

/** What VS Code 1.91 gives to web views in its default themes. */
export const themes = {
  light: {
    scheme: "light",
    colours: {
      ...{ "editor-foreground": "#3b3b3b", "editor-background": "#ffffff", descriptionForeground: "#3b3b3b" },
      ...{ "editorWidget-background": "#f8f8f8", "textLink-foreground": "#005fb8", focusBorder: "#005fb8" },
      ...{ "charts-purple": "#652d90", "charts-green": "#388a34", errorForeground: "#f85149" },
      ...{ "editorError-foreground": "#e51400", "button-secondaryBackground": "#e5e5e5" },
      ...{ "button-secondaryForeground": "#3b3b3b", "dropdown-background": "#ffffff" },
      ...{ "dropdown-foreground": "#3b3b3b", "dropdown-border": "#cecece" },
      ...{ "list-inactiveSelectionBackground": "#e4e6f1" },
    },
  },
  dark: {
    scheme: "dark",
    colours: {
      ...{ "editor-foreground": "#cccccc", "editor-background": "#1f1f1f", descriptionForeground: "#9d9d9d" },
      ...{ "editorWidget-background": "#202020", "textLink-foreground": "#4daafc", focusBorder: "#0078d4" },
      ...{ "charts-purple": "#b180d7", "charts-green": "#89d185", errorForeground: "#f85149" },
      ...{ "editorError-foreground": "#f14c4c", "button-secondaryBackground": "#313131" },
      ...{ "button-secondaryForeground": "#cccccc", "dropdown-background": "#313131" },
      ...{ "dropdown-foreground": "#cccccc", "dropdown-border": "#3c3c3c" },
      ...{ "list-inactiveSelectionBackground": "#37373d" },
    },
  },
  "high-contrast": {
    scheme: "dark",
    colours: {
      ...{ "editor-foreground": "#ffffff", "editor-background": "#000000", contrastBorder: "#6fc3df" },
      ...{ descriptionForeground: "rgba(255, 255, 255, 0.7)", "editorWidget-background": "#0c141f" },
      ...{ "textLink-foreground": "#21a6ff", focusBorder: "#f38518", "charts-purple": "#b180d7" },
      ...{ "charts-green": "#89d185", errorForeground: "#f48771", "dropdown-background": "#0c141f" },
      ...{ "dropdown-foreground": "#ffffff", "dropdown-border": "#6fc3df" },
    },
  },
} as const;

const origin = "http://localhost:1/";

export interface TraceHost {
  /** What the page has sent. */
  readonly sent: () => Promise<readonly { readonly type: string }[]>;
  readonly tell: (message: unknown) => Promise<void>;
  /** Shows a step, and answers from now on to every step that the page asks for. */
  readonly show: (scenario: TracedScenario, step: number) => Promise<void>;
  /** Resolves when this step is on the page. */
  readonly shows: (step: number) => Promise<void>;
  /** Errors, and what the policy refused. */
  readonly complaints: readonly string[];
}

/** `page` becomes a panel of this theme. */
export async function openTraceHost(page: Page, theme: keyof typeof themes): Promise<TraceHost> {
  const complaints: string[] = [];
  const sent: { readonly type: string }[] = [];
  let shown: TracedScenario | null = null;
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  const bundle = (name: string): string => readFileSync(join(root, "dist/webview", name), "utf8");
  const variables = Object.entries({
    ...themes[theme].colours,
    ...{
      "font-family": "sans-serif",
      "font-size": "13px",
      "editor-font-family": "'DejaVu Sans Mono', monospace",
    },
  }).map(([name, value]) => `--vscode-${name}: ${value};`);
  const html = pageHtml({
    ...{ cspSource: origin, nonce: "only-this" },
    ...{ script: `${origin}trace.js`, style: `${origin}trace.css` },
  });
  await page.exposeFunction(
    "sendToHost",
    async (message: { readonly type: string; readonly step?: number }) => {
      sent.push(message);
      if (message.type === "step" && shown !== null && message.step !== undefined)
        await show(shown, message.step);
    },
  );
  await page.addInitScript(
    "window.acquireVsCodeApi = () => ({ postMessage: (message) => sendToHost(message), setState: () => undefined });",
  );
  const answers: Readonly<Record<string, readonly [type: string, body: string]>> = {
    "": ["text/html", html],
    "trace.js": ["text/javascript", bundle("trace.js")],
    "trace.css": ["text/css", `:root { ${variables.join(" ")} }\n${bundle("trace.css")}`],
  };
  await page.route("**/*", (route) => {
    const [contentType, body] = answers[route.request().url().slice(origin.length)] ?? ["text/plain", ""];
    return route.fulfill({ contentType, body });
  });
  await page.emulateMedia({ colorScheme: themes[theme].scheme, reducedMotion: "reduce" });
  await page.goto(origin);

  const tell = async (message: unknown): Promise<void> => {
    await page.evaluate(`postMessage(${JSON.stringify(message)}, "*")`);
  };
  const show = async (scenario: TracedScenario, step: number): Promise<void> => {
    shown = scenario;
    const picture = pictureOf(scenario, step);
    const { number } = picture.step;
    const steps = stepLines(scenario, number - 40, number + 41);
    const trace = { uri: scenario.uri, version: 1, scenarios: [scenario.name, "another"] };
    await tell({
      ...{ type: "trace", file: scenario.uri, step: number },
      trace: { ...trace, shown: { index: 0, picture, steps, locations: {} } },
    });
  };
  return {
    tell,
    show,
    complaints,
    sent: async () => sent,
    // Not `waitForFunction`: it evaluates texts in the page, which the policy forbids.
    async shows(step) {
      await page.locator("#count", { hasText: new RegExp(`^${step} /`) }).waitFor();
      await page.locator("#picture svg").waitFor();
    },
  };
}
