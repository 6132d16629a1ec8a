// Every request that an editor sends about a place in a text, as data: for tests that ask all of them everywhere.

import {
  CodeAction,
  CodeLens,
  Command,
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  Hover,
  InlayHint,
  Location,
  LocationLink,
  type Position,
  Range,
  SelectionRange,
  SemanticTokens,
  type SignatureHelp,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver";

export interface Asked {
  readonly method: string;
  readonly params: (uri: string, position: Position) => unknown;
  /** Whether an answer that is not null is one. */
  readonly fits: (answer: unknown) => boolean;
}

const listOf =
  (...guards: readonly ((value: unknown) => boolean)[]) =>
  (answer: unknown): boolean =>
    Array.isArray(answer) && answer.every((each) => guards.some((guard) => guard(each)));

// The library has no guards for these.
const hasLabel = (value: unknown): boolean => typeof Reflect.get(Object(value), "label") === "string";
const hasRange = (value: unknown): boolean => Range.is(Reflect.get(Object(value), "range"));
/** An action that is there as a whole, or whose edit comes with codeAction/resolve (the library's guard wants one), or
 * which says why it cannot be taken. */
const isAction = (value: unknown): boolean => {
  const action = Object(value);
  const isLazy = Reflect.get(action, "data") !== undefined;
  const isDisabled = typeof Reflect.get(Object(Reflect.get(action, "disabled")), "reason") === "string";
  return CodeAction.is(isLazy || isDisabled ? { edit: { changes: {} }, ...action } : action);
};
const isSymbol = (value: unknown): boolean =>
  typeof Reflect.get(Object(value), "name") === "string" &&
  Location.is(Reflect.get(Object(value), "location"));

const textDocument = (uri: string) => ({ textDocument: { uri } });
const here = (uri: string, position: Position) => ({ ...textDocument(uri), position });
const range = (position: Position) => ({ start: position, end: position });
const options = { tabSize: 2, insertSpaces: true };

/** About one place. */
export const atPlaces: readonly Asked[] = [
  { method: "textDocument/hover", params: here, fits: Hover.is },
  {
    method: "textDocument/completion",
    params: (uri, position) => ({ ...here(uri, position), context: { triggerKind: 1 } }),
    fits: (answer) => listOf(hasLabel)(Array.isArray(answer) ? answer : Reflect.get(Object(answer), "items")),
  },
  {
    method: "textDocument/signatureHelp",
    params: here,
    fits: (answer) => Array.isArray((answer as SignatureHelp).signatures),
  },
  { method: "textDocument/definition", params: here, fits: listOf(Location.is, LocationLink.is) },
  {
    method: "textDocument/references",
    params: (uri, position) => ({ ...here(uri, position), context: { includeDeclaration: true } }),
    fits: listOf(Location.is),
  },
  { method: "textDocument/documentHighlight", params: here, fits: listOf(hasRange) },
  {
    method: "textDocument/prepareRename",
    params: here,
    fits: (answer) => Range.is(answer) || Range.is((answer as { range: unknown }).range),
  },
  {
    method: "textDocument/rename",
    params: (uri, position) => ({ ...here(uri, position), newName: "renamed" }),
    fits: WorkspaceEdit.is,
  },
  {
    method: "textDocument/selectionRange",
    params: (uri, position) => ({ ...textDocument(uri), positions: [position] }),
    fits: listOf(SelectionRange.is),
  },
  {
    method: "textDocument/onTypeFormatting",
    params: (uri, position) => ({ ...here(uri, position), ch: "\n", options }),
    fits: listOf(TextEdit.is),
  },
];

/** About a place, with a search that takes its time. */
export const codeActions: Asked = {
  method: "textDocument/codeAction",
  params: (uri, position) => ({
    ...textDocument(uri),
    range: range(position),
    context: { diagnostics: [], triggerKind: 1 },
  }),
  fits: listOf(isAction, Command.is),
};

const whole = { start: { line: 0, character: 0 }, end: { line: 1e6, character: 0 } };

/** About a whole document. */
export const aboutDocuments: readonly Asked[] = [
  {
    method: "textDocument/documentSymbol",
    params: textDocument,
    fits: listOf(DocumentSymbol.is, isSymbol),
  },
  { method: "textDocument/foldingRange", params: textDocument, fits: listOf(FoldingRange.is) },
  { method: "textDocument/semanticTokens/full", params: textDocument, fits: SemanticTokens.is },
  {
    method: "textDocument/semanticTokens/range",
    params: (uri) => ({ ...textDocument(uri), range: whole }),
    fits: SemanticTokens.is,
  },
  {
    method: "textDocument/formatting",
    params: (uri) => ({ ...textDocument(uri), options }),
    fits: listOf(TextEdit.is),
  },
  {
    method: "textDocument/rangeFormatting",
    params: (uri) => ({ ...textDocument(uri), range: whole, options }),
    fits: listOf(TextEdit.is),
  },
  { method: "textDocument/codeLens", params: textDocument, fits: listOf(CodeLens.is) },
  {
    method: "textDocument/inlayHint",
    params: (uri) => ({ ...textDocument(uri), range: whole }),
    fits: listOf(InlayHint.is),
  },
  { method: "textDocument/documentLink", params: textDocument, fits: listOf(DocumentLink.is) },
  {
    method: "workspace/symbol",
    params: () => ({ query: "" }),
    fits: listOf(isSymbol),
  },
];
