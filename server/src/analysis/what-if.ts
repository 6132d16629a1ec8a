// What would be found if a document were edited so: asked before a fix is offered. The document stays as it is, and so
// do the runs of its scenarios, which take the edit and give it back row by row.

import type { Finding } from "../base/finding.ts";
import { advance, everything, knownBlocks } from "../engine/run.ts";
import type { Library } from "../semantics/link.ts";
import { type Document, type Edit, editDocument, itemStarts, textIn } from "../syntax/document.ts";
import { createPlaces } from "./places.ts";
import { completeView, type View, viewWith, type Work } from "./session.ts";
import { mayHide } from "./suppressions.ts";
import { syntaxFindings } from "./syntax-findings.ts";
import { scenarioIn, scenariosOf } from "./view.ts";

/** Offsets in the text before any of the edits; none may touch another. */
export const inOrder = (edits: readonly Edit[]): Edit[] =>
  [...edits].sort((a, b) => a.start - b.start || a.end - b.end);

export function editedDocument(document: Document, edits: readonly Edit[]): Document {
  return inOrder(edits).reduceRight((edited, edit) => editDocument(edited, edit), document);
}

/** What would be found in the text that edits make; `within` is the part of it that this is about. */
export interface Told {
  readonly findings: readonly Finding[];
  readonly within: { readonly start: number; readonly end: number };
}

/** Views and runs taken before are good again afterwards. Where only steps of one scenario change, it is about that. */
export function whatIf(view: View, edits: readonly Edit[]): Told {
  const document = editedDocument(view.document, edits);
  const changed = onlyScenario(view.document, document);
  if (changed !== null) return inScenario(view, document, changed);
  try {
    const { findings } = viewOn(view, document).analysis;
    return { findings, within: { start: 0, end: Number.POSITIVE_INFINITY } };
  } finally {
    // Asking for the scenarios brings their runs back to this document's rows.
    scenariosOf(view);
  }
}

/** The index of the scenario that alone is another, and in its steps alone; null where more may be. */
function onlyScenario(before: Document, after: Document): number | null {
  if (before.items.length !== after.items.length || mayHide(before) || mayHide(after)) return null;
  const [index, ...others] = [...after.items.keys()].filter((i) => !isSameItem(before, after, i));
  const [old, now] = index === undefined ? [] : [before.items[index], after.items[index]];
  if (index === undefined || others.length > 0 || old?.rows == null || now?.rows == null) return null;
  const isSame =
    old.id === now.id &&
    old.declaration?.kind === "scenario" &&
    now.declaration?.kind === "scenario" &&
    textOfItem(before, index, old.rowsStart) === textOfItem(after, index, now.rowsStart);
  return isSame ? index : null;
}

/** What stands near an edit is read again with it. */
function isSameItem(before: Document, after: Document, index: number): boolean {
  const [old, now] = [before.items[index], after.items[index]];
  if (old === now) return true;
  if (old === undefined || now === undefined || old.id !== now.id || old.length !== now.length) return false;
  return textOfItem(before, index, old.length) === textOfItem(after, index, now.length);
}

function textOfItem(document: Document, index: number, length: number): string {
  const start = itemStarts(document)[index] ?? 0;
  return textIn(document, start, start + length);
}

function inScenario(view: View, document: Document, index: number): Told {
  const { uri, visible } = view;
  const item = document.items[index];
  const work = workOn(view, document);
  const start = itemStarts(document)[index] ?? 0;
  const isLast = index === document.items.length - 1;
  const within = { start, end: isLast ? Number.POSITIVE_INFINITY : start + (item?.length ?? 0) };
  const findings = syntaxFindings(uri, document).filter(
    (each) => each.start >= start && each.start < within.end,
  );
  try {
    const { declaration } = item ?? {};
    if (item !== undefined && declaration?.kind === "scenario") {
      const origin = { uri, item: item.id };
      const { run, problems } = work.runs.scenario(work, visible, item, declaration, origin);
      findings.push(...problems.map((problem) => work.places.finding(problem)));
      if (run !== null) advance(run, everything());
      if (run !== null) work.places.stepFindings(uri, item, knownBlocks(run), findings);
    }
    return { findings, within };
  } finally {
    scenarioIn(view, index);
  }
}

/** One edit after the other, each decided from the view that the ones before have made, until there is none. */
export function series(view: View, next: (current: View) => readonly Edit[] | null): View {
  try {
    for (let current = view; ; ) {
      const edits = next(current);
      if (edits === null) return current;
      current = viewAfter(current, edits);
    }
  } finally {
    scenariosOf(view);
  }
}

const viewAfter = (view: View, edits: readonly Edit[]): View =>
  viewOn(view, editedDocument(view.document, edits));

const viewOn = (view: View, document: Document): View =>
  completeView(viewWith(workOn(view, document), view.uri, document));

function workOn(view: View, document: Document): Work {
  const before = view.work.texts;
  const texts: Library = {
    resolve: before.resolve,
    document: (uri) => (uri === view.uri ? document : before.document(uri)),
  };
  return { ...view.work, texts, places: createPlaces(texts) };
}
