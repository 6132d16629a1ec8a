// The uapi fences of a Markdown text. One that is marked `uapi` is a document of its own in which everything outside of
// the fence is blank: what stands in a block has the offset that it has in the Markdown text. `uapi step` and so on hold
// a part of a file, which is only parsed; other words behind `uapi` mean that nobody looks at it.

import type { Finding } from "../base/finding.ts";
import { parseChunk, type Rule } from "../syntax/parse.ts";

export interface Block {
  readonly start: number;
  readonly end: number;
}

export interface Fence extends Block {
  /** What stands behind `uapi`. */
  readonly part: string;
}

/** Parts of a file by their word: the start rules of the grammar that a page about the language wants to show. */
export const fragments: Readonly<Record<string, Rule>> = {
  declaration: "Declaration",
  member: "Member",
  field: "Field",
  statement: "Statement",
  entry: "Entry",
  claim: "Claim",
  step: "Step",
  expression: "Expression",
};

const fence = /^( {0,3})(`{3,}|~{3,})[ \t]*([^\r\n]*)$/;

/** In the order of the text. A fence that is not closed goes to the end. */
export function fencesIn(text: string): Fence[] {
  const fences: Fence[] = [];
  let open: { readonly sign: string; readonly start: number; readonly part: string | null } | null = null;
  const close = (end: number): void => {
    if (open !== null && open.part !== null)
      fences.push({ start: Math.min(open.start, end), end, part: open.part });
    open = null;
  };
  for (let at = 0; at < text.length; ) {
    const end = lineEnd(text, at);
    const next = behindBreak(text, end);
    const [, , sign = "", info = ""] = fence.exec(text.slice(at, end)) ?? [];
    if (open === null) {
      const isFence = sign !== "" && !(sign.startsWith("`") && info.includes("`"));
      if (isFence) open = { sign, start: next, part: partOf(info.trim()) };
    } else if (sign.startsWith(open.sign) && info.trim() === "") close(at);
    at = next;
  }
  close(text.length);
  return fences;
}

/** Null when the fence is not one of the language. */
function partOf(info: string): string | null {
  const [language, part = ""] = info.split(/\s+/);
  return language === "uapi" ? part : null;
}

export function masked(text: string, { start, end }: Block): string {
  return blank(text.slice(0, start)) + text.slice(start, end) + blank(text.slice(end));
}

const blank = (text: string): string => text.replace(/[^\r\n]/g, " ");

/** What does not parse in a part of a file. */
export function fragmentFindings(uri: string, text: string, { start, end, part }: Fence): Finding[] {
  const rule = fragments[part];
  if (rule === undefined) return [];
  const node = parseChunk(rule, text.slice(start, end));
  if (!("kind" in node) || node.kind !== "error") return [];
  const place = { uri, start: start + node.start, end: start + node.end };
  const { message } = node;
  return [{ ...place, code: "syntax", severity: "error", message, related: [], help: [], notes: [] }];
}

function lineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 10 || unit === 13) return at;
  }
  return text.length;
}

function behindBreak(text: string, end: number): number {
  if (end >= text.length) return end;
  return text.charCodeAt(end) === 13 && text.charCodeAt(end + 1) === 10 ? end + 2 : end + 1;
}
