// Completion: the best first by their ranks, with snippets where the client has them. Documentation comes with
// `completionItem/resolve`.

import {
  type ClientCapabilities,
  type CompletionItem,
  CompletionItemKind,
  InsertTextFormat,
  InsertTextMode,
} from "vscode-languageserver";
import { type About, completeAt, documentationOf, type Item, triggers } from "../../features/completion.ts";
import type { Context, Feature, Spot } from "../context.ts";
import { markupOf } from "./markup.ts";

const kinds: Readonly<Record<Item["kind"], CompletionItemKind>> = {
  call: CompletionItemKind.Function,
  open: CompletionItemKind.File,
  handle: CompletionItemKind.Variable,
  hardware: CompletionItemKind.Value,
  value: CompletionItemKind.Value,
  constant: CompletionItemKind.Constant,
  keyword: CompletionItemKind.Keyword,
  errno: CompletionItemKind.EnumMember,
  rule: CompletionItemKind.Event,
  field: CompletionItemKind.Field,
  parameter: CompletionItemKind.Property,
  type: CompletionItemKind.Class,
  define: CompletionItemKind.Method,
  snippet: CompletionItemKind.Snippet,
  proposal: CompletionItemKind.Module,
  topology: CompletionItemKind.Struct,
};

/** What `resolve` is given back. */
interface Data {
  readonly document: string;
  /** The uri of the view: of a block, not that of its document. */
  readonly view: string;
  readonly about: About;
}

export const completion: Feature = {
  capabilities: () => ({ completionProvider: { triggerCharacters: triggers, resolveProvider: true } }),
  register(context) {
    const { connection } = context;
    connection.onCompletion(({ textDocument, position, context: asked }) => {
      const spot = context.spot(textDocument, position);
      if (spot === null) return null;
      // A space asks only where one answer is likely: behind `fails`, `=` and the like, not at the end of every word.
      if (asked?.triggerCharacter === " " && !wantsAnswer(spot)) return null;
      const { start, end, items } = completeAt(spot.view, spot.offset);
      const range = context.range(spot.view.uri, { start, end });
      return items.map((item, index) => itemOf(context, spot, textDocument.uri, range, item, index));
    });
    connection.onCompletionResolve((item) => {
      const data: unknown = item.data;
      if (!isData(data)) return item;
      const target = context.targets({ uri: data.document }).find(({ view }) => view.uri === data.view);
      const markup = target === undefined ? null : documentationOf(target.view, data.about);
      if (markup === null) return item;
      const formats = abilities(context.client)?.documentationFormat;
      return { ...item, documentation: markupOf(context, formats, markup) };
    });
  },
};

const abilities = (client: ClientCapabilities) => client.textDocument?.completion?.completionItem;

function wantsAnswer({ view, offset }: Spot): boolean {
  const before = view.document.text.slice(Math.max(0, offset - 40), offset);
  return /(?:=|,|==|!=|\b(?:fails|violates|use|extends|on|with|in|is|behind|driver|else|require|assert|task|new|remove))\s$/.test(
    before,
  );
}

function itemOf(
  context: Context,
  spot: Spot,
  document: string,
  range: ReturnType<Context["range"]>,
  item: Item,
  index: number,
): CompletionItem {
  const able = abilities(context.client);
  const snippet = able?.snippetSupport === true ? item.snippet : null;
  const adjusts = able?.insertTextModeSupport?.valueSet.includes(InsertTextMode.adjustIndentation) === true;
  const data: Data | null = item.about === null ? null : { document, view: spot.view.uri, about: item.about };
  return {
    label: item.label,
    kind: kinds[item.kind],
    ...(item.detail === "" ? {} : { detail: item.detail }),
    sortText: String(index).padStart(5, "0"),
    // In a string or behind a sigil the label is not what is being typed.
    filterText: item.label.replace(/^\./, ""),
    textEdit: { range, newText: snippet ?? item.insert },
    ...(snippet === null ? {} : { insertTextFormat: InsertTextFormat.Snippet }),
    ...(adjusts ? { insertTextMode: InsertTextMode.adjustIndentation } : {}),
    ...(item.preselect && able?.preselectSupport === true ? { preselect: true } : {}),
    ...(data === null ? {} : { data }),
  };
}

function isData(data: unknown): data is Data {
  return (
    typeof data === "object" &&
    data !== null &&
    "document" in data &&
    typeof data.document === "string" &&
    "view" in data &&
    "about" in data &&
    typeof data.about === "object" &&
    data.about !== null
  );
}
