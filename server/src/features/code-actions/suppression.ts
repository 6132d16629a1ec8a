// Comments that keep a finding: one to add, with the place for its reason, and those that hide nothing to take away.

import type { Finding } from "../../base/finding.ts";
import { type Document, type Edit, textIn } from "../../syntax/document.ts";
import { isGood } from "../repair/verify.ts";
import { type Action, type Ask, quickFix } from "./action.ts";
import { isOfStep } from "./repair.ts";

/** What the author has to replace. */
const reason = "say here why this is right";

export function suppressionActions({ view, findings }: Ask): readonly Action[] {
  return findings.flatMap((finding): Action[] => {
    const { code, severity } = finding;
    if (code === "unneeded-suppression") {
      const edit = withoutComment(view.document, finding);
      return edit !== null && isGood(view, [edit], [finding])
        ? [quickFix("remove this comment, which hides nothing", [edit], [finding])]
        : [];
    }
    // A refusal that is right is expected; only what the kernel allows is for somebody to judge.
    if (code === "errno" || code === "expectation" || !(isOfStep(finding) || severity === "info")) return [];
    const edit = comment(view.document, finding);
    return isGood(view, [edit], [finding])
      ? [quickFix(`allow \`${code}\` here, with a reason`, [edit], [finding])]
      : [];
  });
}

/** Behind the line, or above it where a comment is there already. */
function comment(document: Document, { start, code }: Finding): Edit {
  const line = lineAround(document, start);
  const text = `// uapi-allow ${code}: ${reason}`;
  if (!line.text.includes("//")) return { start: line.end, end: line.end, text: `  ${text}` };
  const indent = /^[ \t]*/.exec(line.text)?.[0] ?? "";
  return { start: line.start, end: line.start, text: `${indent}${text}${line.lineBreak}` };
}

/** The code of the finding goes; with the last one its comment, and with a comment of its own line that line. */
function withoutComment(document: Document, { start, end }: Finding): Edit | null {
  const line = lineAround(document, start);
  const at = line.text.lastIndexOf("//", start - line.start);
  if (at === -1) return null;
  const [head = ""] = line.text.slice(at).split(":");
  const codes = head.match(/[\w.-]+/g)?.slice(1) ?? [];
  if (codes.length > 1) {
    const behind = /^[\s,]*/.exec(line.text.slice(end - line.start))?.[0].length ?? 0;
    return { start, end: end + behind, text: "" };
  }
  const before = line.text.slice(0, at);
  if (before.trim() === "") return { start: line.start, end: line.end + line.lineBreak.length, text: "" };
  return { start: line.start + before.trimEnd().length, end: line.end, text: "" };
}

interface Line {
  readonly start: number;
  /** In front of the line break. */
  readonly end: number;
  readonly text: string;
  readonly lineBreak: string;
}

const NEAR = 2000;

function lineAround(document: Document, offset: number): Line {
  const before = textIn(document, Math.max(0, offset - NEAR), offset);
  const behind = textIn(document, offset, offset + NEAR);
  const start = offset - (/[^\r\n]*$/.exec(before)?.[0].length ?? 0);
  const end = offset + (/^[^\r\n]*/.exec(behind)?.[0].length ?? 0);
  const lineBreak = /^(?:\r\n|\r|\n)/.exec(textIn(document, end, end + 2))?.[0] ?? "\n";
  return { start, end, text: textIn(document, start, end), lineBreak };
}
