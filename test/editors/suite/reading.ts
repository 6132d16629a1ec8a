// What a reader asks for: explanations, places, names, colours.

import type {
  CodeLens,
  DocumentLink,
  DocumentSymbol,
  Hover,
  InlayHint,
  Location,
  LocationLink,
  SemanticTokens,
} from "vscode";
import { ask, type Case, check, firstSteps, goodSteps, same, waitFor, withFile } from "./tools.ts";

const textOf = (hovers: readonly Hover[]): string =>
  hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === "string" ? content : content.value))
    .join("\n");

const targetOf = (found: Location | LocationLink) => ("targetUri" in found ? found.targetUri : found.uri);

export const reading: readonly Case[] = [
  {
    name: "hover explains a refused call",
    run: (host) =>
      withFile(host, firstSteps, async ({ document, at, waitProblems }) => {
        await waitProblems(1);
        const hovers = await ask<readonly Hover[]>(
          host,
          "vscode.executeHoverProvider",
          document.uri,
          at("VFIO_GROUP_GET_DEVICE_FD", 3),
        );
        const text = textOf(hovers);
        check(/require/i.test(text) && text.includes("EINVAL"), "the checks of the call and its errno", text);
      }),
  },
  {
    name: "definition of a call is in the shipped proposal, which opens",
    run: (host) =>
      withFile(host, firstSteps, async ({ document, at, waitProblems }) => {
        await waitProblems(1);
        const [found] = await ask<readonly (Location | LocationLink)[]>(
          host,
          "vscode.executeDefinitionProvider",
          document.uri,
          at("VFIO_GROUP_GET_DEVICE_FD", 3),
        );
        check(found !== undefined, "there is a definition");
        const shipped = await host.vscode.workspace.openTextDocument(targetOf(found));
        check(
          shipped.getText().includes("ioctl VFIO_GROUP_GET_DEVICE_FD"),
          "the proposal is shown",
          shipped.uri,
        );
        same(shipped.languageId, "uapi", "its language");
      }),
  },
  {
    name: "references and highlights of a name",
    run: (host) =>
      withFile(host, goodSteps, async ({ document, at, waitProblems }) => {
        await waitProblems(0);
        const references = await ask<readonly Location[]>(
          host,
          "vscode.executeReferenceProvider",
          document.uri,
          at("dev0"),
        );
        same(references.length, 3, "places of dev0");
        const highlights = await ask<readonly unknown[]>(
          host,
          "vscode.executeDocumentHighlights",
          document.uri,
          at("dev0"),
        );
        same(highlights.length, 3, "highlights of dev0");
      }),
  },
  {
    name: "symbols of the document and of the workspace",
    run: (host) =>
      withFile(host, goodSteps, async ({ document, waitProblems }) => {
        await waitProblems(0);
        const symbols = await ask<readonly DocumentSymbol[]>(
          host,
          "vscode.executeDocumentSymbolProvider",
          document.uri,
        );
        same(
          symbols.map(({ name }) => name.replaceAll('"', "")),
          ["pair", "first steps"],
          "the outline",
        );
        const everywhere = await ask<readonly { readonly name: string }[]>(
          host,
          "vscode.executeWorkspaceSymbolProvider",
          "first steps",
        );
        check(
          everywhere.some(({ name }) => name.includes("first steps")),
          "the scenario in the workspace",
          everywhere,
        );
      }),
  },
  {
    name: "semantic tokens and folding",
    run: (host) =>
      withFile(host, goodSteps, async ({ document, waitProblems }) => {
        await waitProblems(0);
        const tokens = await ask<SemanticTokens | undefined>(
          host,
          "vscode.provideDocumentSemanticTokens",
          document.uri,
        );
        check((tokens?.data.length ?? 0) >= 5 * 20, "tokens", tokens?.data.length);
        const folds = await ask<readonly { readonly start: number }[]>(
          host,
          "vscode.executeFoldingRangeProvider",
          document.uri,
        );
        check(folds.length >= 3, "topology, group and scenario fold", folds);
      }),
  },
  {
    name: "mails and kernel files are links",
    run: (host) =>
      withFile(
        host,
        `// <20210525195257.GG1002214@nvidia.com>, drivers/vfio/vfio.c\n${goodSteps}`,
        async ({ document, waitProblems }) => {
          await waitProblems(0);
          const links = await ask<readonly DocumentLink[]>(host, "vscode.executeLinkProvider", document.uri);
          same(
            links.map(({ range }) => document.getText(range)),
            ["20210525195257.GG1002214@nvidia.com", "drivers/vfio/vfio.c"],
            "the links",
          );
        },
      ),
  },
  {
    name: "code lenses say what became of a scenario, inlay hints what a step did",
    run: (host) =>
      withFile(host, goodSteps, async ({ document, at, waitProblems }) => {
        await waitProblems(0);
        const lenses = await waitFor("code lenses", async () => {
          const found = await ask<readonly CodeLens[]>(
            host,
            "vscode.executeCodeLensProvider",
            document.uri,
            10,
          );
          return found.length > 0 && found;
        });
        const titles = lenses.map(({ command }) => command?.title ?? "");
        check(titles.join() === "6 steps, clean,show trace", "the verdict and the way to the trace", titles);
        const everything = new host.vscode.Range(0, 0, document.lineCount, 0);
        const hints = await ask<readonly InlayHint[]>(
          host,
          "vscode.executeInlayHintProvider",
          document.uri,
          everything,
        );
        const bind = hints.filter(({ position }) => position.line === at("  VFIO_GROUP_BIND").line);
        check(bind.length > 0, "a hint behind the bind", hints.length);
      }),
  },
];
