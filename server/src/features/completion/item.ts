// What completion offers: plain data, with the text to insert in two spellings, for clients with and without snippets.

export type ItemKind =
  | "call"
  | "open"
  | "handle"
  | "hardware"
  | "value"
  | "constant"
  | "keyword"
  | "errno"
  | "rule"
  | "field"
  | "parameter"
  | "type"
  | "define"
  | "snippet"
  | "proposal"
  | "topology";

/** What `resolve` tells more about: a member of a proposal, or a word of the language. */
export type About =
  | { readonly proposal: string; readonly name: string }
  | { readonly word: string }
  | { readonly topology: string }
  | { readonly errno: string; readonly proposal: string; readonly call: string };

export interface Item {
  readonly label: string;
  readonly kind: ItemKind;
  /** Beside the label: what it would do here, its type, the reason why it is refused. */
  readonly detail: string;
  readonly insert: string;
  /** With tab stops; null if it has none. */
  readonly snippet: string | null;
  /** Those of a lower rank come first; the order inside a rank is that of the list. */
  readonly rank: number;
  readonly preselect: boolean;
  readonly about: About | null;
}

export interface Completion {
  /** What the answer replaces. */
  readonly start: number;
  readonly end: number;
  readonly items: readonly Item[];
}

export function item(label: string, kind: ItemKind, more: Partial<Item> = {}): Item {
  return {
    label,
    kind,
    detail: "",
    insert: label,
    snippet: null,
    rank: 5,
    preselect: false,
    about: null,
    ...more,
  };
}

/** A piece of a snippet: text as it is, or a place to fill in. */
export type Piece = string | { readonly stop: string; readonly choices?: readonly string[] };

/** Both spellings of a text with places to fill in; the cursor ends behind it. */
export function filled(pieces: readonly Piece[]): { readonly insert: string; readonly snippet: string } {
  let stop = 0;
  const insert = pieces.map((piece) => (typeof piece === "string" ? piece : piece.stop)).join("");
  const snippet = pieces.map((piece) => {
    if (typeof piece === "string") return escaped(piece);
    stop++;
    const choices = piece.choices ?? [];
    return choices.length > 1
      ? `\${${stop}|${choices.map(escapedChoice).join(",")}|}`
      : `\${${stop}:${escaped(piece.stop)}}`;
  });
  return { insert, snippet: `${snippet.join("")}$0` };
}

const escaped = (text: string): string => text.replace(/[\\$}]/g, "\\$&");
const escapedChoice = (text: string): string => text.replace(/[\\$},|]/g, "\\$&");

export function keywords(words: readonly string[], rank = 6): Item[] {
  return words.map((word) => item(word, "keyword", { rank, about: { word } }));
}
