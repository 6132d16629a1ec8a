// The shape of parameters, looked at before a handler sees them: the types of the library are promises of the client.

/** What is wrong with the parameters of a method, or null. Methods that are not known here are left to their handlers. */
export function problemIn(method: string, params: unknown): string | null {
  if (withoutParams.has(method)) return null;
  if (!isObject(params)) return "the parameters are no object";
  if (method.startsWith("textDocument/")) {
    const { textDocument } = params;
    if (!isObject(textDocument) || typeof textDocument.uri !== "string") return "textDocument has no uri";
  }
  return checks[method]?.(params) ?? null;
}

type Params = Readonly<Record<string, unknown>>;
type Check = (params: Params) => string | null;

const withoutParams = new Set(["shutdown", "exit", "initialized", "workspace/didChangeConfiguration"]);

const needsPosition: Check = ({ position }) => (isPosition(position) ? null : "position is no position");
const needsRange: Check = ({ range }) => (isRange(range) ? null : "range is no range");
const needsArray =
  (name: string): Check =>
  (params) =>
    Array.isArray(params[name]) ? null : `${name} is no list`;
const all =
  (...parts: readonly Check[]): Check =>
  (params) => {
    for (const part of parts) {
      const problem = part(params);
      if (problem !== null) return problem;
    }
    return null;
  };

const positioned = [
  ...["hover", "completion", "signatureHelp", "definition", "declaration", "typeDefinition"],
  ...["implementation", "references", "documentHighlight", "prepareRename", "prepareCallHierarchy"],
  ...["onTypeFormatting", "rename", "linkedEditingRange", "moniker"],
];

const checks: Readonly<Record<string, Check>> = {
  ...Object.fromEntries(positioned.map((name) => [`textDocument/${name}`, needsPosition])),
  "textDocument/onTypeFormatting": all(needsPosition, needsText("ch"), needsOptions),
  "textDocument/rename": all(needsPosition, needsText("newName")),
  "textDocument/formatting": needsOptions,
  "textDocument/rangeFormatting": all(needsRange, needsOptions),
  "textDocument/inlayHint": needsRange,
  "textDocument/semanticTokens/range": needsRange,
  "textDocument/semanticTokens/full/delta": needsText("previousResultId"),
  "textDocument/codeAction": all(needsRange, ({ context }) =>
    isObject(context) && Array.isArray(context.diagnostics) ? null : "context has no diagnostics",
  ),
  "textDocument/selectionRange": ({ positions }) =>
    Array.isArray(positions) && positions.every(isPosition) ? null : "positions is no list of positions",
  "textDocument/didOpen": ({ textDocument }) =>
    isObject(textDocument) &&
    typeof textDocument.text === "string" &&
    typeof textDocument.languageId === "string" &&
    Number.isInteger(textDocument.version)
      ? null
      : "textDocument has no text, languageId or version",
  "textDocument/didChange": ({ textDocument, contentChanges }) => {
    if (!isObject(textDocument) || !Number.isInteger(textDocument.version))
      return "textDocument has no version";
    return Array.isArray(contentChanges) && contentChanges.every(isChange)
      ? null
      : "contentChanges is no list of changes";
  },
  "workspace/executeCommand": needsText("command"),
  "workspace/symbol": needsText("query"),
  "workspace/diagnostic": needsArray("previousResultIds"),
  "workspace/didChangeWatchedFiles": all(needsArray("changes"), ({ changes }) =>
    Array.isArray(changes) && changes.every((change) => isObject(change) && typeof change.uri === "string")
      ? null
      : "changes have no uri",
  ),
  "workspace/didChangeWorkspaceFolders": ({ event }) =>
    isObject(event) && isFolders(event.added) && isFolders(event.removed) ? null : "event is no event",
  "codeAction/resolve": needsText("title"),
  "completionItem/resolve": needsText("label"),
  "codeLens/resolve": needsRange,
  "documentLink/resolve": needsRange,
  "uapi/page": needsText("code"),
  "uapi/trace": needsTrace,
  "uapi/traceText": all(needsTrace, ({ format }) =>
    format === "text" || format === "svg" || format === "mermaid"
      ? null
      : "format is none of text, svg, mermaid",
  ),
};

function needsText(name: string): Check {
  return (params) => (typeof params[name] === "string" ? null : `${name} is no text`);
}

function needsTrace({ textDocument, position, scenario, step }: Params): string | null {
  if (!isObject(textDocument) || typeof textDocument.uri !== "string") return "textDocument has no uri";
  if (position !== undefined && !isPosition(position)) return "position is no position";
  if (step !== undefined && !isNumber(step)) return "step is no number";
  const named = isObject(scenario) && typeof scenario.name === "string" && Number.isInteger(scenario.index);
  return scenario === undefined || named ? null : "scenario has no name or index";
}

function needsOptions({ options }: Params): string | null {
  return isObject(options) ? null : "options is no object";
}

function isObject(value: unknown): value is Params {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPosition(value: unknown): boolean {
  return isObject(value) && isNumber(value.line) && isNumber(value.character);
}

/** Negative and broken numbers are clamped later; what is no number is no position. */
function isNumber(value: unknown): boolean {
  return typeof value === "number" && !Number.isNaN(value);
}

function isRange(value: unknown): boolean {
  return isObject(value) && isPosition(value.start) && isPosition(value.end);
}

function isChange(value: unknown): boolean {
  return (
    isObject(value) && typeof value.text === "string" && (value.range === undefined || isRange(value.range))
  );
}

function isFolders(value: unknown): boolean {
  return Array.isArray(value) && value.every((folder) => isObject(folder) && typeof folder.uri === "string");
}
