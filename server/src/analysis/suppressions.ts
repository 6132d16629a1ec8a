// `// uapi-allow CODE: reason`: findings that somebody has looked at and wants to keep. The comment stands on the line of
// the finding, or on lines of its own right above. What the tool could not understand or decide is never hidden.

import type { Finding } from "../base/finding.ts";
import { perBlock } from "../base/sequence.ts";
import { kebab } from "../engine/outcome.ts";
import { suggestion } from "../semantics/types.ts";
import type { Span } from "../syntax/ast.ts";
import { type Document, type Item, itemStarts, type RowBlock } from "../syntax/document.ts";
import { parse } from "../syntax/generated/parser.js";

/** One code of a comment, with places in the text that it was found in. */
interface Allowed extends Span {
  /** In kebab case; "" where the comment names none. */
  readonly code: string;
  readonly hasReason: boolean;
}

const mark = "uapi-allow";

/** A comment may hide what would be found. */
export const mayHide = ({ text }: Document): boolean => text.includes(mark);

/** The text is gone over by the lexer only where the mark is at all. */
const inHead = perBlock((item: Item): readonly Allowed[] => allowedIn(item.head));
const inRows = perBlock((block: RowBlock): readonly Allowed[] => allowedIn(block.text()));

interface Token extends Span {
  readonly kind: string;
  readonly text: string;
}

function allowedIn(text: string): readonly Allowed[] {
  if (!text.includes(mark)) return [];
  // The parser's result is unknown by type; the Tokens rule yields nothing but these.
  const tokens = parse(text, { startRule: "Tokens" }) as readonly Token[];
  return tokens.flatMap((token) => (token.kind === "comment" ? allowedBy(token) : []));
}

const form = /^\/\/[ \t]*uapi-allow(?![\w-])([^:]*)(?::(.*))?$/s;

function allowedBy({ text, start, end }: Token): Allowed[] {
  const [whole, codes = "", reason = ""] = form.exec(text) ?? [];
  if (whole === undefined) return [];
  const hasReason = reason.trim() !== "";
  const names = [...codes.matchAll(/[\w.-]+/g)];
  if (names.length === 0) return [{ code: "", hasReason, start, end }];
  const from = start + text.indexOf(mark) + mark.length;
  return names.map(({ 0: name, index }) => ({
    code: kebab(name.replace(/^.*\./, "")),
    hasReason,
    start: from + index,
    end: from + index + name.length,
  }));
}

function suppressionsOf(document: Document): readonly Allowed[] {
  const starts = itemStarts(document);
  const found: Allowed[] = [];
  document.items.forEach((item, i) => {
    let at = starts[i] ?? 0;
    const add = (all: readonly Allowed[]): void => {
      for (const each of all) found.push({ ...each, start: each.start + at, end: each.end + at });
    };
    add(inHead(item));
    at += item.rowsStart;
    for (const block of item.rows?.blocks ?? []) {
      add(inRows(block));
      at += block.characters;
    }
  });
  return found;
}

/** Hiding these would hide that nothing is known, or that something is hidden. */
const always = new Set([
  "syntax",
  "too-deep",
  "not-established",
  "suppression-without-reason",
  "unneeded-suppression",
]);

/** Hints are for editors, and found there only: see unnecessary.ts. */
const forEditors = new Set(["unused-handle", "redundant-step"]);

export const hasSuppressions = (document: Document): boolean => suppressionsOf(document).length > 0;

/**
 * The findings that are not hidden, and what is to say about the comments; `findings` are in order. Unless they are all
 * that there are, nobody knows yet which comments are needed.
 */
export function withSuppressions(
  uri: string,
  document: Document,
  findings: readonly Finding[],
  isComplete: boolean,
): readonly Finding[] {
  const allowed = suppressionsOf(document);
  if (allowed.length === 0) return findings;
  const used = new Set<Allowed>();
  const shown = findings.filter((finding) => !isHidden(document, allowed, finding, used));
  // Where something could not be understood, nobody knows what would be found behind it.
  const isKnown = isComplete && findings.every(({ code }) => !always.has(code));
  const own = allowed.flatMap((each) => {
    if (!each.hasReason) return withoutReason(uri, each);
    const isUnneeded = isKnown && !used.has(each) && !forEditors.has(each.code);
    return isUnneeded ? unneeded(uri, document, each, findings) : [];
  });
  return [...shown, ...own].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The hints that are not hidden. */
export function withoutSuppressed(document: Document, hints: readonly Finding[]): readonly Finding[] {
  if (hints.length === 0) return hints;
  const allowed = suppressionsOf(document);
  return allowed.length === 0 ? hints : hints.filter((hint) => !isHidden(document, allowed, hint, new Set()));
}

function isHidden(
  document: Document,
  allowed: readonly Allowed[],
  finding: Finding,
  used: Set<Allowed>,
): boolean {
  if (always.has(finding.code)) return false;
  const covers = allowed.filter(
    (each) => each.hasReason && each.code === finding.code && isAbout(document.text, each, finding.start),
  );
  for (const each of covers) used.add(each);
  return covers.length > 0;
}

function isAbout(text: string, { start }: Allowed, offset: number): boolean {
  const { from, to } = linesAbout(text, start);
  return from <= offset && offset <= to;
}

/** The line that a comment is about: its own, or the next one with code when there is none in front of it. */
function linesAbout(text: string, comment: number): { readonly from: number; readonly to: number } {
  const from = startOfLine(text, comment);
  const to = endOfLine(text, comment);
  if (!/^[ \t]*\/\//.test(text.slice(from, to))) return { from, to };
  let next = behindBreak(text, to);
  while (next < text.length) {
    const end = endOfLine(text, next);
    if (!/^[ \t]*(?:\/\/.*)?$/.test(text.slice(next, end))) return { from: next, to: end };
    next = behindBreak(text, end);
  }
  return { from, to };
}

function startOfLine(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && !isBreak(text, at - 1)) at--;
  return at;
}

function endOfLine(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && !isBreak(text, at)) at++;
  return at;
}

const isBreak = (text: string, at: number): boolean => text[at] === "\n" || text[at] === "\r";

const behindBreak = (text: string, at: number): number =>
  text.startsWith("\r\n", at) ? at + 2 : Math.min(at + 1, text.length);

const plain = { related: [], help: [], notes: [] } as const;

function withoutReason(uri: string, { code, start, end }: Allowed): Finding {
  const named = code === "" ? "CODE" : code;
  return {
    ...plain,
    code: "suppression-without-reason",
    severity: "warning",
    uri,
    start,
    end,
    message: "this comment says no reason, so it hides nothing",
    help: [`write why it is right: \`// ${mark} ${named}: reason\``],
  };
}

function unneeded(uri: string, document: Document, each: Allowed, findings: readonly Finding[]): Finding {
  const { code, start, end } = each;
  const here = findings
    .filter((finding) => isAbout(document.text, each, finding.start))
    .map((finding) => finding.code);
  const message =
    code === ""
      ? "this comment names no code, so it hides nothing"
      : always.has(code)
        ? `\`${code}\` is always shown`
        : `nothing is reported as \`${code}\` here`;
  const near = suggestion(code, here);
  const help = near.length > 0 ? near : ["delete this comment"];
  return {
    ...plain,
    code: "unneeded-suppression",
    severity: "warning",
    uri,
    start,
    end,
    message,
    help,
    tag: "unnecessary",
  };
}
