// Short documents for hovers, completion and signatures: pieces of plain data, shown as Markdown or as plain text.
// Knows nothing of what they are about.

export type Inline =
  | string
  | { readonly code: string }
  | { readonly strong: string }
  /** `uri` with the offset that it points to; what opens links turns them into lines. */
  | { readonly link: string; readonly uri: string; readonly offset: number };

export type Block =
  | { readonly kind: "text"; readonly parts: readonly Inline[] }
  | { readonly kind: "list"; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: "code"; readonly text: string };

export type Markup = readonly Block[];

export const code = (text: string): Inline => ({ code: text });
export const strong = (text: string): Inline => ({ strong: text });
export const text = (...parts: readonly Inline[]): Block => ({ kind: "text", parts });
export const listOf = (items: readonly (readonly Inline[])[]): Block[] =>
  items.length === 0 ? [] : [{ kind: "list", items }];
export const uapi = (source: string): Block => ({ kind: "code", text: source });

/** The address behind a link, or null for one that cannot be opened. */
export type Address = (uri: string, offset: number) => string | null;

export function toMarkdown(markup: Markup, address: Address = () => null): string {
  const inline = (part: Inline): string => {
    if (typeof part === "string") return escaped(part);
    if ("code" in part) return codeSpan(part.code);
    if ("strong" in part) return `**${escaped(part.strong)}**`;
    const target = address(part.uri, part.offset);
    return target === null ? escaped(part.link) : `[${escaped(part.link)}](${target})`;
  };
  return markup
    .map((block) => {
      switch (block.kind) {
        case "text":
          return lineStart(block.parts.map(inline).join(""));
        case "list":
          return block.items.map((item) => `- ${lineStart(item.map(inline).join(""))}`).join("\n");
        case "code":
          return fenced(block.text);
        default:
          return block satisfies never;
      }
    })
    .join("\n\n");
}

export function toPlain(markup: Markup): string {
  const inline = (part: Inline): string => {
    if (typeof part === "string") return part;
    return "code" in part ? part.code : "strong" in part ? part.strong : part.link;
  };
  return markup
    .map((block) => {
      switch (block.kind) {
        case "text":
          return block.parts.map(inline).join("");
        case "list":
          return block.items.map((item) => `- ${item.map(inline).join("")}`).join("\n");
        case "code":
          return block.text;
        default:
          return block satisfies never;
      }
    })
    .join("\n\n");
}

/** Text of users that must not become markup, nor raw HTML. A word like may_access needs no escape. */
function escaped(plain: string): string {
  return plain.replace(/[\\`*[\]<>|#]/g, (character) => `\\${character}`).replace(/(?<!\w)_|_(?!\w)/g, "\\_");
}

/** What would begin a list does not. */
const lineStart = (line: string): string =>
  line.replace(/^(\s*)(?:([-+])|(\d+)\.)(?=\s)/, (_, space, sign, digits) =>
    sign === undefined ? `${space}${digits}\\.` : `${space}\\${sign}`,
  );

function codeSpan(source: string): string {
  const ticks = Math.max(0, ...[...source.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(ticks + 1);
  const pad = source.startsWith("`") || source.endsWith("`") ? " " : "";
  return `${fence}${pad}${source.replace(/\s*[\r\n]+\s*/g, " ")}${pad}${fence}`;
}

function fenced(source: string): string {
  const ticks = Math.max(2, ...[...source.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(ticks + 1);
  return `${fence}uapi\n${source}\n${fence}`;
}

/** A doc comment: paragraphs filled, `backticks` as code, lists kept; without the examples of rule pages. */
export function docMarkup(doc: readonly string[]): Block[] {
  const prose = doc.join("\n").replace(/^```[\s\S]*?^```[ \t]*$/gm, "");
  return prose
    .split(/\n[ \t]*\n/)
    .filter((paragraph) => paragraph.trim() !== "")
    .map((paragraph): Block => {
      const pieces = paragraph.split(/\n(?=\s*\* )/).map((piece) => piece.replace(/\s+/g, " ").trim());
      return pieces.every((piece) => piece.startsWith("* "))
        ? { kind: "list", items: pieces.map((piece) => withCode(piece.slice(2))) }
        : { kind: "text", parts: withCode(pieces.join(" ")) };
    });
}

/** Text in which `…` marks code. */
export function withCode(prose: string): Inline[] {
  return prose
    .split(/(`[^`]+`)/)
    .flatMap((part): Inline[] =>
      part === "" ? [] : part.startsWith("`") && part.length > 2 ? [code(part.slice(1, -1))] : [part],
    );
}
