// The rules and hazards of the shipped proposals as pages: what their declarations say about themselves. Nothing is
// written twice: a rule is explained by its own doc comment, its "why" and its source.

import type { Severity } from "../base/finding.ts";
import type { Member } from "../syntax/ast.ts";
import { itemStarts, parseDocument } from "../syntax/document.ts";

/** A shipped proposal: its uri, and its text. */
export interface ShippedText {
  readonly name: string;
  readonly text: string;
}

export interface RulePage {
  /** A rule holds after every call; a hazard is reported by a call that is legal and unwise. */
  readonly kind: "rule" | "hazard";
  readonly proposal: string;
  /** As declared: `secure_context`. */
  readonly name: string;
  /** The code of its findings: `secure-context`. */
  readonly code: string;
  readonly severity: Severity;
  /** Only looked at when asked for. */
  readonly off: boolean;
  /** The quoted text of the declaration; the rule's name if there is none. */
  readonly why: string;
  /** The lines of the doc comment. */
  readonly doc: readonly string[];
  /** The declaration itself, from its first word on. */
  readonly source: string;
}

/** Rules and hazards in the order of the files. */
export function rulePages(shipped: readonly ShippedText[]): RulePage[] {
  return membersOf(shipped).flatMap(({ proposal, member, text }): RulePage[] => {
    if (member.kind !== "rule" && member.kind !== "hazard") return [];
    const { kind, why, doc } = member;
    const name = member.name.text;
    const off = member.severity === "off";
    const severity = member.severity === "off" ? "warning" : member.severity;
    const source = declarationText(text);
    return [
      { kind, proposal, name, code: codeOfRule(name), severity, off, why: why?.value ?? name, doc, source },
    ];
  });
}

/** A member of a shipped proposal, with the text that declares it. */
export interface ShippedMember {
  readonly proposal: string;
  readonly base: string | null;
  readonly member: Member;
  readonly text: string;
}

const read = new WeakMap<readonly ShippedText[], readonly ShippedMember[]>();

/** In the order of the files; read once for each list. */
export function membersOf(shipped: readonly ShippedText[]): readonly ShippedMember[] {
  const known = read.get(shipped) ?? readMembers(shipped);
  read.set(shipped, known);
  return known;
}

function readMembers(shipped: readonly ShippedText[]): ShippedMember[] {
  return shipped.flatMap(({ text }) => {
    const document = parseDocument(text);
    const starts = itemStarts(document);
    return document.items.flatMap(({ declaration }, index) => {
      if (declaration?.kind !== "proposal") return [];
      const from = starts[index] ?? 0;
      return declaration.body.map((member) => ({
        proposal: declaration.name.text,
        base: declaration.base?.text ?? null,
        member,
        text: text.slice(from + member.start, from + member.end),
      }));
    });
  });
}

export function codeOfRule(name: string): string {
  return name.replaceAll("_", "-");
}

/** A doc comment taken apart: text, and the examples in it. */
export type DocPart = { readonly kind: "text" | "example"; readonly text: string };

/** Examples stand between "```uapi" and "```"; the first shows what is wrong, the second is clean. */
export function docParts(doc: readonly string[]): DocPart[] {
  return doc
    .join("\n")
    .split(/^```(?:uapi)?[ \t]*$/m)
    .map(
      (text, index): DocPart => ({
        kind: index % 2 === 0 ? "text" : "example",
        text: text.replace(/^\n|\n$/g, ""),
      }),
    )
    .filter(({ text }) => text.trim() !== "");
}

/** Without the comment above it, and with its lines moved to the left margin. */
function declarationText(text: string): string {
  const lines = text.split(/\r\n|\r|\n/);
  const first = lines.findIndex((line) => !/^\s*(?:\/\/.*)?$/.test(line));
  const [head = "", ...rest] = lines.slice(Math.max(first, 0));
  const indents = rest.filter((line) => line.trim() !== "").map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const indent = Math.min(...indents, ...(indents.length === 0 ? [0] : []));
  return [head.trimStart(), ...rest.map((line) => line.slice(indent))].join("\n").trimEnd();
}
