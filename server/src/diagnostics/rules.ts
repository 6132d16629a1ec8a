// The rules of the shipped proposals as pages: what their declarations say about themselves. Nothing is written twice:
// a rule is explained by its own doc comment, its "why" and its source.

import type { Severity } from "../base/finding.ts";
import { itemStarts, parseDocument } from "../syntax/document.ts";

/** A shipped proposal: its uri, and its text. */
export interface ShippedText {
  readonly name: string;
  readonly text: string;
}

export interface RulePage {
  readonly proposal: string;
  /** As declared: `secure_context`. */
  readonly name: string;
  /** The code of its findings: `secure-context`. */
  readonly code: string;
  readonly severity: Severity;
  /** The quoted text of the declaration; the rule's name if there is none. */
  readonly why: string;
  /** The lines of the doc comment. */
  readonly doc: readonly string[];
  /** The declaration itself, from its first word on. */
  readonly source: string;
}

/** Rules in the order of the files. */
export function rulePages(shipped: readonly ShippedText[]): RulePage[] {
  return shipped.flatMap(({ text }) => {
    const document = parseDocument(text);
    const starts = itemStarts(document);
    return document.items.flatMap(({ declaration }, index) => {
      if (declaration?.kind !== "proposal") return [];
      const proposal = declaration.name.text;
      return declaration.body.flatMap((member): RulePage[] => {
        if (member.kind !== "rule") return [];
        const from = starts[index] ?? 0;
        const { severity, why, doc } = member;
        const name = member.name.text;
        const source = declarationText(text.slice(from + member.start, from + member.end));
        return [{ proposal, name, code: codeOfRule(name), severity, why: why?.value ?? name, doc, source }];
      });
    });
  });
}

export function codeOfRule(name: string): string {
  return name.replaceAll("_", "-");
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
