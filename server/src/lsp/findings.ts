// What there is to say about a document of the client, whatever it is: a text of the language, the blocks of a Markdown
// text, one that is too large to be looked at, or a file that nobody has opened.

import type { Session, SoFar, View } from "../analysis/session.ts";
import type { Finding, Place } from "../base/finding.ts";
import type { Budget } from "../engine/run.ts";
import { type Documents, type OpenDocument, sizeLimit } from "./documents.ts";
import { fragmentFindings } from "./markdown.ts";
import type { Views } from "./views.ts";
import type { Workspace } from "./workspace.ts";

export interface FindingsOf {
  /** All, with the hints or without. */
  readonly open: (document: OpenDocument, withHints: boolean) => readonly Finding[];
  /** Finds out more about an open document; says whether all is known. */
  readonly advance: (document: OpenDocument, budget: Budget) => boolean;
  /** What is known of it. */
  readonly soFar: (document: OpenDocument) => SoFar;
  readonly hints: (document: OpenDocument) => readonly Finding[];
  /** Of an open document or a file. */
  readonly newest: (key: string) => readonly Finding[];
  /** Of an open document with its blocks, or of a file. */
  readonly views: (key: string) => readonly View[];
}

export function createFindings(
  session: Session,
  documents: Documents,
  views: Views,
  workspace: Workspace,
  /** What was found out besides, of the text as it is. */
  decided: (view: View) => readonly Finding[],
): FindingsOf {
  const withDecided = (view: View, findings: readonly Finding[]): readonly Finding[] => {
    const more = decided(view);
    return more.length === 0 ? findings : [...findings, ...more].sort((a, b) => a.start - b.start);
  };

  const ofView = (key: string): readonly Finding[] => {
    const view = views.view(key);
    return view === null ? [] : withDecided(view, view.analysis.findings);
  };

  /** Who has a text open also wants to know what it could do without. */
  const withHints = (key: string): readonly Finding[] => {
    const hints = views.view(key)?.analysis.hints() ?? [];
    const findings = ofView(key);
    return hints.length === 0 ? findings : [...findings, ...hints].sort((a, b) => a.start - b.start);
  };

  const hints = ({ lines, parts }: OpenDocument): readonly Finding[] =>
    lines.length() > sizeLimit ? [] : parts.flatMap(({ key }) => views.view(key)?.analysis.hints() ?? []);

  const open = (document: OpenDocument, wantsHints: boolean): readonly Finding[] =>
    inDocument(document, wantsHints ? withHints : ofView);

  /** With what its parts, which are views of their own, have found. */
  const inDocument = (
    document: OpenDocument,
    found: (key: string) => readonly Finding[],
  ): readonly Finding[] => {
    const { key, lines, parts, fragments, isMarkdown } = document;
    if (lines.length() > sizeLimit) return [tooLarge(key, lines.length())];
    if (!isMarkdown) return found(key);
    const text = document.text();
    const all = [
      ...parts.flatMap((part) => found(part.key)),
      ...fragments.flatMap((fragment) => fragmentFindings(key, text, fragment)),
    ];
    return all.toSorted((a, b) => a.start - b.start);
  };

  return {
    open,
    advance({ lines, parts }, budget) {
      if (lines.length() > sizeLimit) return true;
      let isComplete = true;
      for (const { key } of parts)
        isComplete = (views.view(key)?.analysis.advance(budget) ?? true) && isComplete;
      return isComplete;
    },
    soFar(document) {
      let rest: Place | null = null;
      const findings = inDocument(document, (key) => {
        const view = views.view(key);
        if (view === null) return [];
        const known = view.analysis.soFar();
        rest ??= known.rest;
        return withDecided(view, known.findings);
      });
      return { findings, rest };
    },
    hints,
    newest(key) {
      const document = documents.get(key);
      if (document !== undefined) return open(document, true);
      // Only `analyse` says why a file cannot be read.
      return workspace.files.read(key).ok ? ofView(key) : session.analyse(key).findings;
    },
    views(key) {
      const parts = documents.get(key)?.parts ?? [{ key }];
      return parts.flatMap((part) => views.view(part.key) ?? []);
    },
  };
}

function tooLarge(uri: string, length: number): Finding {
  const millions = (length / 1024 / 1024).toFixed(1);
  const message = `this text has ${millions} million characters, the limit is ${sizeLimit / 1024 / 1024}`;
  const place = { uri, start: 0, end: 0 };
  return { ...place, code: "too-large", severity: "error", message, related: [], help: [], notes: [] };
}
