// Comparing proposals: asks which ones, and opens the page that the server makes of them.

import { type QuickPickItem, QuickPickItemKind, window } from "vscode";
import { type ProposalEntry, proposalsRequest } from "../../server/src/lsp/protocol.ts";
import type { Server } from "./client.ts";
import { comparisonOf, openUri } from "./pages.ts";

/** What can be compared from here. */
interface Choices {
  /** The document in front, if it is one of the language. */
  readonly uri: string | undefined;
  readonly entries: readonly ProposalEntry[];
}

const usual = "two functions of one card";

export async function compareProposals(server: Server): Promise<void> {
  const choices = await choicesFrom(server);
  const first = await chooseProposal(choices, "Compare which proposal? (1 of 2)");
  if (first === undefined) return;
  const second = await chooseProposal(choices, `What does … change, compared with ${first}? (2 of 2)`, first);
  if (second === undefined) return;
  const topology = await chooseTopology(choices);
  if (topology === undefined) return;
  await openUri(comparisonOf({ ...at(choices), proposals: [first, second], ...topology }));
}

export async function compareUseCase(server: Server): Promise<void> {
  const choices = await choicesFrom(server);
  const goal = await window.showInputBox({
    title: "Which use case? A condition that is to be reached",
    placeHolder: "accessible(nic0) and accessible(nic1) and dma(nic0) != dma(nic1)",
    ignoreFocusOut: true,
  });
  if (goal === undefined || goal.trim() === "") return;
  const topology = await chooseTopology(choices);
  if (topology === undefined) return;
  const own = choices.entries.filter(({ kind }) => kind === "own").map(({ name }) => name);
  const shipped = choices.entries.filter(({ kind }) => kind === "shipped").map(({ name }) => name);
  await openUri(comparisonOf({ ...at(choices), proposals: [...own, ...shipped], goal, ...topology }));
}

const at = ({ uri }: Choices): { readonly uri?: string } => (uri === undefined ? {} : { uri });

async function choicesFrom(server: Server): Promise<Choices> {
  const document = window.activeTextEditor?.document;
  const uri = document?.languageId === "uapi" ? document.uri.toString() : undefined;
  const client = await server.start();
  return { uri, entries: await client.sendRequest<readonly ProposalEntry[]>(proposalsRequest, { uri }) };
}

async function chooseProposal(
  { entries }: Choices,
  title: string,
  without?: string,
): Promise<string | undefined> {
  const titles = { own: "Of this file", shipped: "Shipped" } as const;
  const items = (["own", "shipped"] as const).flatMap((kind): QuickPickItem[] => [
    { label: titles[kind], kind: QuickPickItemKind.Separator },
    ...entries
      .filter((entry) => entry.kind === kind && entry.name !== without)
      .map(({ name }) => ({ label: name })),
  ]);
  return (await window.showQuickPick(items, { title }))?.label;
}

/** Not asked for when the file has none. */
async function chooseTopology({ entries }: Choices): Promise<{ readonly topology?: string } | undefined> {
  const names = entries.filter(({ kind }) => kind === "topology").map(({ name }) => name);
  if (names.length === 0) return {};
  const chosen = await window.showQuickPick([usual, ...names], { title: "On which machine?" });
  if (chosen === undefined) return undefined;
  return chosen === usual ? {} : { topology: chosen };
}
