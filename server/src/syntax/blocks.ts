// Builds the declaration of a topology, proposal or verify from its chunks, as the grammar's own rules would have done
// from the whole text. Every chunk is parsed with the start rule that the block around it asks for; a block whose head
// does not parse is passed over in silence, for its one error says enough.

import type { Declaration, ErrorNode, Span } from "./ast.ts";
import { type Chunk, maxDepth, nextChunk, type Source } from "./layout.ts";
import { type Else, errorNode, firstLine, parseChunk, type Rule } from "./parse.ts";
import { shifted } from "./tree.ts";

/** The start rule for one thing in a block, and the one for a line that holds several. */
const lists = {
  Entry: "Entries",
  Member: "Members",
  Field: "Fields",
  Statement: "Statements",
  Claim: "Claims",
} as const;
type Context = keyof typeof lists;

const contexts: Readonly<Record<string, Context>> = {
  ...{ topology: "Entry", group: "Entry", proposal: "Member", verify: "Claim" },
  ...{ fd: "Field", object: "Field", state: "Field", fact: "Field" },
  ...{
    on: "Statement",
    operation: "Statement",
    effect: "Statement",
    rule: "Statement",
    for: "Statement",
    if: "Statement",
  },
};

/** A block that is open: its head, and what stands in it so far. */
interface Frame {
  /** Null: the head did not parse, and nothing in the block counts. */
  readonly head: (Span & { readonly kind: string }) | null;
  readonly context: Context;
  readonly items: unknown[];
  otherwise: unknown[] | null;
  /** The `if` of an `else if`, which ends with the one before it. */
  readonly chained: boolean;
  /** Where its `{` stands, relative to the item, and how far its line is indented. */
  readonly brace: number;
  readonly indent: number;
}

export interface Block {
  readonly declaration: Declaration;
  readonly errors: readonly ErrorNode[];
  readonly end: number;
  readonly seams: Seams;
}

/**
 * The places between the members of a proposal, where nothing but the block itself is open: reading can end or begin
 * there. `at` are relative to the item, `counts` the members in front of each.
 */
export interface Seams {
  readonly at: readonly number[];
  readonly counts: readonly number[];
  /** Some member leaves brackets open: see layout.ts. */
  readonly lookedFar: boolean;
}

const seamsIn = new WeakMap<Declaration, Seams>();

/** Of a proposal whose blocks are all closed. */
export const seamsOf = (declaration: Declaration): Seams | undefined => seamsIn.get(declaration);

export function rememberSeams(declaration: Declaration, seams: Seams): void {
  seamsIn.set(declaration, seams);
}

/** Where reading begins, when it does not behind the head; and whether it may end at a seam. */
export interface Within {
  readonly at: number;
  readonly isEnd: (at: number) => boolean;
}

export const neverClosed = (brace: number): ErrorNode =>
  errorNode("this `{` is never closed", brace, brace + 1);

/** Whether the chunk starts a declaration wherever it stands, even inside one that was never closed. */
export function startsDeclaration(chunk: Chunk): boolean {
  return chunk.indent === 0 && chunk.first.starts === "declaration";
}

/**
 * Reads the block of `head` up to its end, or a part `within` it; `start` is where the item starts. `head` spans are
 * relative to that.
 */
export function readBlock(
  source: Source,
  start: number,
  head: Declaration | null,
  opening: Pick<Chunk, "codeEnd" | "indent" | "end">,
  within: Within | null = null,
): Block {
  const { text } = source;
  const errors: ErrorNode[] = [];
  const root = frameOf(head, opening.codeEnd - 1 - start, opening.indent);
  const frames: Frame[] = [root];
  let result: unknown = null;
  let top: Frame = root;
  const seams: { at: number[]; counts: number[] } = { at: [], counts: [] };
  let at = within?.at ?? opening.end;
  let end = opening.codeEnd - start;
  let docs = -1;
  let suspect: Frame | null = null; // a block that, by the indentation, should have been closed earlier

  const push = (frame: Frame): void => {
    frames.push(frame);
    top = frame;
  };
  const add = (node: unknown): void => {
    (top.otherwise ?? top.items).push(node);
  };
  const pop = (stop: number, open: boolean): void => {
    for (;;) {
      const frame = frames.pop();
      if (frame === undefined) return;
      const node = frame.head === null ? null : closed(frame, stop, open);
      const outer = frames.at(-1);
      if (outer === undefined) {
        result = node;
        return;
      }
      top = outer;
      if (node !== null) add(node);
      if (!frame.chained) return;
    }
  };
  const abandon = (depth: number): void => {
    const blamed =
      suspect !== null && frames.includes(suspect) ? suspect : frames.findLast((f) => !f.chained);
    // A head that does not parse has its error already.
    if (blamed !== undefined && blamed.head !== null) errors.push(neverClosed(blamed.brace));
    suspect = null;
    while (frames.length > depth) pop(end, true);
  };

  for (;;) {
    if (frames.length === 1 && docs < 0 && suspect === null && errors.length === 0) {
      seams.at.push(at - start);
      seams.counts.push(root.items.length);
      if (within?.isEnd(at)) {
        pop(end, false);
        break;
      }
    }
    const chunk = nextChunk(source, at);
    if (at >= text.length || startsDeclaration(chunk)) {
      abandon(0);
      break;
    }
    if (chunk.kind === "trivia" || chunk.kind === "doc") {
      if (chunk.kind === "doc" && docs < 0) docs = chunk.start;
      at = chunk.end;
      continue;
    }
    if (
      chunk.first.starts === "member" &&
      root.context === "Member" &&
      frames.length > 1 &&
      top.head !== null
    ) {
      abandon(1);
    }
    const code = docs >= 0 && top.context !== "Statement" && top.context !== "Claim" ? docs : chunk.code;
    docs = -1;
    at = chunk.end;
    end = chunk.codeEnd - start;
    if (chunk.kind === "close") {
      if (chunk.indent >= 0 && top.indent > chunk.indent) suspect ??= top;
      pop(chunk.code + 1 - start, false);
      if (frames.length === 0) break;
    } else if (chunk.kind === "else") {
      if (top.head !== null) readElse(chunk);
    } else if (top.head === null) {
      if (chunk.kind === "head") push(frameOf(null, 0, chunk.indent));
    } else {
      const nodes = parsePiece(top.context, text, code, chunk, frames.length).map((n) =>
        shifted(n, code - start),
      );
      const last = nodes.at(-1);
      if (chunk.kind !== "head" || last === undefined) {
        for (const node of nodes) add(node);
        continue;
      }
      for (const node of nodes.slice(0, -1)) add(node);
      const open = "open" in last && last.open === true;
      if (!open) add(last);
      push(frameOf(open ? last : null, chunk.codeEnd - 1 - start, chunk.indent));
    }
  }
  const declaration = head === null || result === null ? (head as Declaration) : (result as Declaration);
  return { declaration, errors, end: at, seams: { ...seams, lookedFar: source.lookedFar } };

  function readElse(chunk: Chunk): void {
    const base = chunk.code - start;
    const node: Else | ErrorNode =
      chunk.depth > maxDepth || frames.length > maxDepth
        ? tooNested(text, chunk.code, chunk.codeEnd)
        : parseChunk("Else", text.slice(chunk.code, chunk.codeEnd));
    const misplaced = top.head?.kind !== "if" || top.otherwise !== null;
    if (node.kind === "error" || misplaced) {
      add(shifted(node.kind === "error" ? node : errorNode("this `else` has no `if`", 0, 1), base));
      return;
    }
    top.otherwise = [];
    if (node.nested === null) return;
    push({ ...frameOf(shifted(node.nested, base), chunk.codeEnd - 1 - start, chunk.indent), chained: true });
  }
}

function frameOf(head: (Span & { readonly kind: string }) | null, brace: number, indent: number): Frame {
  const context = contexts[head?.kind ?? ""] ?? "Statement";
  return { head, context, items: [], otherwise: null, chained: false, brace, indent };
}

/** The node of a block, with what stands in it. */
function closed(frame: Frame, end: number, open: boolean): Span {
  const { head, items, otherwise } = frame;
  if (head?.kind === "if") return { ...head, ...{ then: items, otherwise, open, end } } as Span;
  return { ...head, ...{ body: items, open, end } } as Span;
}

/** What a chunk says: one thing, or several on a line. */
function parsePiece(
  context: Context,
  text: string,
  code: number,
  chunk: Chunk,
  nesting: number,
): readonly (Span & { readonly kind: string })[] {
  if (chunk.depth > maxDepth || nesting > maxDepth) return [tooNested(text, code, chunk.codeEnd)];
  const piece = text.slice(code, chunk.codeEnd);
  const one = parseChunk(context, piece);
  if (one.kind !== "error") return [one];
  const several = parseChunk(lists[context] satisfies Rule, piece);
  return "kind" in several ? [several.start > one.start ? several : one] : several;
}

export function tooNested(text: string, code: number, codeEnd: number): ErrorNode {
  const piece = text.slice(code, Math.min(codeEnd, code + 256));
  return errorNode(`more than ${maxDepth} nested brackets`, 0, firstLine(piece));
}
