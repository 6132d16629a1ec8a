// What helps a writer: fixes, completion, names, layout. What is offered is applied, and the text is compared.

import type { CodeAction, CompletionList, SignatureHelp, TextEdit, WorkspaceEdit } from "vscode";
import {
  ask,
  type Case,
  check,
  firstSteps,
  goodSteps,
  type Host,
  type Open,
  same,
  withFile,
} from "./tools.ts";

async function actions(
  host: Host,
  open: Open,
  needle: string,
  kind?: string,
): Promise<readonly CodeAction[]> {
  const range = new host.vscode.Range(open.at(needle), open.at(needle));
  return ask(host, "vscode.executeCodeActionProvider", open.document.uri, range, kind, 20);
}

async function apply(host: Host, edit: WorkspaceEdit | undefined): Promise<void> {
  check(edit !== undefined, "it has an edit");
  check(await host.vscode.workspace.applyEdit(edit), "the edit applies");
}

export const writing: readonly Case[] = [
  {
    name: "the preferred fix of a refused call inserts the missing one, and the problem is gone",
    run: (host) =>
      withFile(host, firstSteps, async (open) => {
        await open.waitProblems(1);
        const offered = await actions(host, open, "VFIO_GROUP_GET_DEVICE_FD");
        const best = offered.find(({ isPreferred }) => isPreferred);
        check(
          best !== undefined,
          "one fix is preferred",
          offered.map(({ title }) => title),
        );
        await apply(host, best.edit);
        same(open.document.getText(), goodSteps, "the text behind it");
        await open.waitProblems(0);
      }),
  },
  {
    name: "fix all does the same for the whole file",
    run: (host) =>
      withFile(host, firstSteps, async (open) => {
        await open.waitProblems(1);
        const offered = await actions(host, open, "use", "source.fixAll");
        same(offered.length, 1, `actions: ${offered.map(({ title }) => title)}`);
        await apply(host, offered[0]?.edit);
        same(open.document.getText(), goodSteps, "the text behind it");
        await open.waitProblems(0);
      }),
  },
  {
    name: "the expectation that matches is offered too",
    run: (host) =>
      withFile(host, firstSteps, async (open) => {
        await open.waitProblems(1);
        const offered = await actions(host, open, "VFIO_GROUP_GET_DEVICE_FD");
        const expectation = offered.find(({ title }) => title.includes("fails EINVAL"));
        check(
          expectation !== undefined,
          "fails EINVAL is offered",
          offered.map(({ title }) => title),
        );
        await apply(host, expectation.edit);
        check(
          open.document.getText().includes("(g, nic0)  fails EINVAL"),
          "it is written",
          open.document.getText(),
        );
      }),
  },
  {
    name: "completion knows which calls succeed here",
    run: (host) =>
      withFile(host, firstSteps, async ({ document, replace, at, waitProblems }) => {
        await waitProblems(1);
        await replace("  dev0 = VFIO_GROUP_GET_DEVICE_FD(g, nic0)\n", "  V\n");
        const list = await ask<CompletionList>(
          host,
          "vscode.executeCompletionItemProvider",
          document.uri,
          at("  V\n", 3),
        );
        const sorted = [...list.items].sort((a, b) => ((a.sortText ?? "") < (b.sortText ?? "") ? -1 : 1));
        const names = sorted.map(({ label }) => (typeof label === "string" ? label : label.label));
        const place = (name: string): number => names.findIndex((label) => label.startsWith(name));
        const [bind, refused] = [place("VFIO_GROUP_BIND_IOASID_FD"), place("VFIO_GROUP_GET_DEVICE_FD")];
        check(bind >= 0 && refused > bind, "the call that succeeds comes before the refused one", names);
      }),
  },
  {
    name: "signature help follows the arguments",
    run: (host) =>
      withFile(host, goodSteps, async ({ document, at, waitProblems }) => {
        await waitProblems(0);
        const help = await ask<SignatureHelp | undefined>(
          host,
          "vscode.executeSignatureHelpProvider",
          document.uri,
          at("g, nic0", 3),
          "(",
        );
        check(help?.signatures[0]?.label.includes("VFIO_GROUP_GET_DEVICE_FD") === true, "the call", help);
        same(help.activeParameter, 1, "the second argument");
      }),
  },
  {
    name: "rename changes every place, and only those",
    run: (host) =>
      withFile(host, goodSteps, async ({ document, at, waitProblems }) => {
        await waitProblems(0);
        const edit = await ask<WorkspaceEdit>(
          host,
          "vscode.executeDocumentRenameProvider",
          document.uri,
          at("dev0"),
          "nic",
        );
        await apply(host, edit);
        same(document.getText(), goodSteps.replaceAll("dev0", "nic"), "the text behind it");
        await waitProblems(0);
      }),
  },
  {
    name: "formatting",
    run: (host) =>
      withFile(
        host,
        goodSteps.replace("mmap(dev0)", "mmap( dev0 )").replace("  ctx =", "ctx  ="),
        async ({ document, waitProblems }) => {
          await waitProblems(0);
          const edits = await ask<readonly TextEdit[]>(
            host,
            "vscode.executeFormatDocumentProvider",
            document.uri,
            { tabSize: 2, insertSpaces: true },
          );
          const edit = new host.vscode.WorkspaceEdit();
          edit.set(document.uri, [...edits]);
          await apply(host, edit);
          same(document.getText(), goodSteps, "the text behind it");
        },
      ),
  },
];
