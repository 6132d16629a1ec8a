// The commands of the extension, except those of views. The manifest names the same ones; a test compares.

import {
  commands,
  type ExtensionContext,
  languages,
  type QuickPickItem,
  QuickPickItemKind,
  type TextEditor,
  Uri,
  window,
  workspace,
} from "vscode";
import { type CodeEntry, codesRequest } from "../../server/src/lsp/protocol.ts";
import type { Server } from "./client.ts";
import { compareProposals, compareUseCase } from "./compare.ts";
import { openUri, pageOf, pageText } from "./pages.ts";
import { templates } from "./templates.ts";

export function registerCommands(context: ExtensionContext, server: Server): void {
  const all: Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>> = {
    "uapi.restartServer": async () => {
      await server.restart();
      window.setStatusBarMessage("$(check) The uAPI server was started again", 4000);
    },
    "uapi.explain": async (code) => explain(server, code),
    "uapi.compare": async () => compareProposals(server),
    "uapi.compareUseCase": async () => compareUseCase(server),
    "uapi.format": async () => commands.executeCommand("editor.action.formatDocument"),
    "uapi.newFromTemplate": async (name) => newFromTemplate(name),
    // For links; not in the palette.
    "uapi.open": async (uri) => (typeof uri === "string" ? openUri(Uri.parse(uri, true)) : undefined),
  };
  for (const [name, run] of Object.entries(all)) {
    context.subscriptions.push(
      commands.registerCommand(name, async (...args: readonly unknown[]) => {
        try {
          return await run(...args);
        } catch (error) {
          server.log.error(error instanceof Error ? error : String(error));
          window.showErrorMessage(`${name}: ${error instanceof Error ? error.message : String(error)}`);
          return undefined;
        }
      }),
    );
  }
}

/** The page of a code: the one that was given, else of what the cursor is on, else of one that is chosen. */
async function explain(server: Server, given: unknown): Promise<void> {
  const candidates = typeof given === "string" ? [given] : atCursor(window.activeTextEditor);
  for (const code of candidates) {
    if ((await pageText(server, code)) !== null) return openUri(pageOf(code));
  }
  const chosen = await chooseCode(server);
  if (chosen !== undefined) await openUri(pageOf(chosen));
}

/** Codes of the diagnostics at the cursor, then the word there. */
function atCursor(editor: TextEditor | undefined): readonly string[] {
  if (editor === undefined) return [];
  const { document, selection } = editor;
  const found = languages
    .getDiagnostics(document.uri)
    .filter(({ range }) => range.contains(selection.active))
    .flatMap(({ code }) => {
      const value = typeof code === "object" ? code.value : code;
      return value === undefined ? [] : [String(value)];
    });
  const word = document.getWordRangeAtPosition(selection.active);
  return word === undefined ? found : [...found, document.getText(word)];
}

async function chooseCode(server: Server): Promise<string | undefined> {
  const client = await server.start();
  const entries = await client.sendRequest<readonly CodeEntry[]>(codesRequest, {});
  const titles = { code: "Codes", rule: "Rules of the shipped proposals", hazard: "Hazards" } as const;
  const items = (["code", "rule", "hazard"] as const).flatMap((kind): QuickPickItem[] => [
    { label: titles[kind], kind: QuickPickItemKind.Separator },
    ...entries
      .filter((entry) => entry.kind === kind)
      .map(({ code, title }) => ({ label: code, detail: title })),
  ]);
  const chosen = await window.showQuickPick(items, {
    title: "Explain a code or a rule",
    placeHolder: "Type a code, a rule or a word of its title",
    matchOnDetail: true,
  });
  return chosen?.label;
}

/** An untitled document; nothing is written before its author saves it. */
async function newFromTemplate(given: unknown): Promise<void> {
  const named = templates.find(({ name }) => name === given);
  const items = templates.map((template) => ({
    label: `$(${template.icon}) ${template.title}`,
    detail: template.detail,
    template,
  }));
  const template =
    named ?? (await window.showQuickPick(items, { title: "New uAPI file", matchOnDetail: true }))?.template;
  if (template === undefined) return;
  const document = await workspace.openTextDocument({ language: "uapi", content: template.text });
  await window.showTextDocument(document);
}
