// What would be found if a document were edited so: asked before a fix is offered. The document stays as it is, and so
// do the runs of its scenarios, which take the edit and give it back row by row.

import type { Library } from "../semantics/link.ts";
import { type Document, type Edit, editDocument } from "../syntax/document.ts";
import { createPlaces } from "./places.ts";
import { completeView, type View, viewWith } from "./session.ts";
import { scenariosOf } from "./view.ts";

/** Offsets in the text before any of the edits; none may touch another. */
export const inOrder = (edits: readonly Edit[]): Edit[] =>
  [...edits].sort((a, b) => a.start - b.start || a.end - b.end);

export function editedDocument(document: Document, edits: readonly Edit[]): Document {
  return inOrder(edits).reduceRight((edited, edit) => editDocument(edited, edit), document);
}

/** Calls `look` with the document as it would be; views and runs taken before are good again afterwards. */
export function whatIf<T>(view: View, edits: readonly Edit[], look: (edited: View) => T): T {
  try {
    return look(viewAfter(view, edits));
  } finally {
    // Asking for the scenarios brings their runs back to this document's rows.
    scenariosOf(view);
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

function viewAfter(view: View, edits: readonly Edit[]): View {
  const document = editedDocument(view.document, edits);
  const before = view.work.texts;
  const texts: Library = {
    resolve: before.resolve,
    document: (uri) => (uri === view.uri ? document : before.document(uri)),
  };
  return completeView(viewWith({ ...view.work, texts, places: createPlaces(texts) }, view.uri, document));
}
