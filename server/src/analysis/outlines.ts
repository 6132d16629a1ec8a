// The outline of a shipped file: its declarations without the bodies of its proposals, made by a build (prepare.ts). The
// document made from it is equal to the parsed one; a body is read when somebody looks at it.

import { runningSums } from "../base/sequence.ts";
import type { Declaration, ProposalDeclaration } from "../syntax/ast.ts";
import { type Document, parseDocument } from "../syntax/document.ts";

/** Texts that prepare.ts made; null for what there is none of. */
export interface Prepared {
  /** The same texts that the program has, where it costs nothing until one is read. By file name. */
  readonly text: (file: string) => string | null;
  /** By file name. */
  readonly outline: (file: string) => string | null;
  /** What stands in its proposals, by file name. */
  readonly bodies: (file: string) => string | null;
  /** A stored System, by proposal. */
  readonly system: (proposal: string) => string | null;
}

type Outlined = Omit<Document["items"][number], "declaration" | "rows" | "head"> & {
  readonly declaration: Declaration | Omit<ProposalDeclaration, "body"> | null;
};

/** Null for a file with scenarios or mistakes. */
export function outlineOf({ items }: Document): string | null {
  if (items.some(({ rows, errors }) => rows !== null || errors.length > 0)) return null;
  const outlined = items.map(({ head, rows, declaration, ...item }): Outlined => {
    if (declaration?.kind !== "proposal") return { ...item, declaration };
    const { body, ...rest } = declaration;
    return { ...item, declaration: rest };
  });
  return JSON.stringify(outlined);
}

type Body = ProposalDeclaration["body"];

/** What outlineOf leaves out, in its order. */
export const bodiesOf = ({ items }: Document): string =>
  JSON.stringify(
    items.flatMap(({ declaration }) => (declaration?.kind === "proposal" ? [declaration.body] : [])),
  );

/** Declarations that are what was prepared: what was compiled from them holds. */
const prepared = new WeakSet<Declaration>();

/** Whether a declaration stands in a document that was made from an outline. */
export const isPrepared = (declaration: Declaration): boolean => prepared.has(declaration);

/** Whether the body may say this word; a body that was not read yet is not read for it. */
export function mayMention(declaration: ProposalDeclaration, word: string): boolean {
  const text = unread.get(declaration)?.();
  return text === undefined || new RegExp(`^[ \\t]*(?!//).*\\b${word}\\b`, "m").test(text);
}

/** The texts of bodies that nobody looked at. */
const unread = new WeakMap<Declaration, () => string>();

/**
 * The document of a shipped text; the text, and what stands in bodies, are read when somebody looks at them. Without what
 * bodiesOf said, `bodies` gives null.
 */
export function documentFrom(outline: string, text: () => string, bodies: () => string | null): Document {
  // Written by outlineOf.
  const outlined = JSON.parse(outline) as readonly Outlined[];
  let length = 0;
  let count = 0;
  let known: readonly Body[] | null = null;
  const bodyAt = (index: number): Body | undefined => {
    // Written by bodiesOf.
    known ??= JSON.parse(bodies() ?? "[]") as readonly Body[];
    return known[index];
  };
  const items = outlined.map((item) => {
    const [start, end] = [length, length + item.length];
    length = end;
    const head = (): string => text().slice(start, end);
    const { declaration: outer, ...rest } = item;
    const index = count;
    if (outer?.kind === "proposal") count++;
    const declaration =
      outer?.kind === "proposal" ? withBody(outer, head, () => bodyAt(index) ?? bodyOf(head())) : outer;
    if (declaration !== null) prepared.add(declaration);
    return {
      ...rest,
      declaration,
      rows: null,
      get head() {
        return head();
      },
    };
  });
  return {
    get text() {
      return text();
    },
    length,
    items,
    starts: runningSums(items, (item) => item.length),
    change: null,
    nextId: Math.max(0, ...items.map(({ id }) => id)) + 1,
  };
}

function withBody(
  outer: Omit<ProposalDeclaration, "body">,
  text: () => string,
  read: () => Body,
): ProposalDeclaration {
  let body: Body | null = null;
  const declaration = {
    ...outer,
    get body() {
      unread.delete(declaration);
      body ??= read();
      return body;
    },
  };
  unread.set(declaration, text);
  return declaration;
}

function bodyOf(text: string): Body {
  const declaration = parseDocument(text).items[0]?.declaration;
  return declaration?.kind === "proposal" ? declaration.body : [];
}
