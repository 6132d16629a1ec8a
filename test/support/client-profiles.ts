// What real editors say that they can, as far as this server cares: a table of what the recordings of Emacs (eglot),
// Neovim and VS Code disagree in, and what they all have.

import type { ClientCapabilities } from "vscode-languageserver";

const names = [
  "Emacs 29",
  "Neovim 0.6",
  "Neovim 0.7",
  "Neovim 0.8",
  "Neovim 0.9",
  "Neovim 0.10",
  "VS Code",
] as const;
export type ProfileName = (typeof names)[number];

/** One sign for each of the editors above: `Y` can it. */
const table = {
  pull: ".....Y.",
  dataSupport: ".....YY",
  codeDescription: "......Y",
  related: ".YYYYYY",
  preferred: "Y..YYYY",
  resolveEdit: ".YYYYYY",
  documentChanges: "Y.....Y",
  snippets: "......Y",
  semanticTokens: "....YYY",
  inlayHints: "Y....Y.",
  codeLens: "......Y",
  watchedFiles: "Y.....Y",
  configuration: "YY.YYYY",
  showDocument: "....YYY",
  versions: "Y.....Y",
  tags: "......Y",
  markdown: "YYYYYYY",
} as const;

export type Ability = keyof typeof table;

export interface Profile {
  readonly name: ProfileName;
  readonly can: (ability: Ability) => boolean;
  readonly capabilities: ClientCapabilities;
}

export const profiles: readonly Profile[] = names.map((name, index) => {
  const can = (ability: Ability): boolean => table[ability][index] === "Y";
  return { name, can, capabilities: capabilitiesOf(name, can) };
});

function capabilitiesOf(name: ProfileName, can: Profile["can"]): ClientCapabilities {
  const when = <T>(ability: Ability, value: T): T | Record<string, never> => (can(ability) ? value : {});
  const formats = can("markdown") ? (["markdown", "plaintext"] as const) : (["plaintext"] as const);
  const encodings: Partial<Record<ProfileName, string[]>> = {
    "Emacs 29": ["utf-32", "utf-8", "utf-16"],
    "Neovim 0.10": ["utf-16"],
  };
  return {
    ...(encodings[name] === undefined ? {} : { general: { positionEncodings: encodings[name] } }),
    window: when("showDocument", { showDocument: { support: true } }),
    workspace: {
      applyEdit: true,
      workspaceFolders: true,
      workspaceEdit: when("documentChanges", { documentChanges: true }),
      ...when("configuration", { configuration: true }),
      ...when("watchedFiles", { didChangeWatchedFiles: { dynamicRegistration: true } }),
    },
    textDocument: {
      publishDiagnostics: {
        relatedInformation: can("related"),
        ...when("versions", { versionSupport: true }),
        ...when("codeDescription", { codeDescriptionSupport: true }),
        ...when("dataSupport", { dataSupport: true }),
        ...when("tags", { tagSupport: { valueSet: [1, 2] } }),
      },
      ...when("pull", { diagnostic: { dynamicRegistration: false } }),
      hover: { contentFormat: [...formats] },
      completion: { completionItem: { snippetSupport: can("snippets"), documentationFormat: [...formats] } },
      signatureHelp: { signatureInformation: { documentationFormat: [...formats] } },
      codeAction: {
        codeActionLiteralSupport: { codeActionKind: { valueSet: ["", "quickfix", "refactor", "source"] } },
        ...when("preferred", { isPreferredSupport: true }),
        ...when("dataSupport", { dataSupport: true }),
        ...when("resolveEdit", { resolveSupport: { properties: ["edit"] } }),
      },
      documentSymbol: { hierarchicalDocumentSymbolSupport: true },
      rename: { prepareSupport: true },
      ...when("codeLens", { codeLens: {} }),
      ...when("inlayHints", { inlayHint: {} }),
      ...when("semanticTokens", {
        semanticTokens: {
          requests: { full: { delta: true }, range: true },
          tokenTypes: ["keyword", "variable", "function", "type", "property", "string", "number", "comment"],
          tokenModifiers: ["declaration"],
          formats: ["relative" as const],
        },
      }),
    },
  };
}
