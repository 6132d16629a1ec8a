// Diagnostics to the client: after every change those of the newest text, then those of the open documents that depend
// on it. Never of an older version: what is found out is sent in the same turn. Hints come in a turn of their own, unless
// there were some before, which must not blink. A client that asks for diagnostics itself is told only when to ask again.

import type { Diagnostic } from "vscode-languageserver";
import type { Documents, OpenDocument } from "./documents.ts";
import { later } from "./schedule.ts";

export interface Publisher {
  /** These have a new text, or depend on one that has; the most urgent one first. */
  readonly changed: (keys: readonly string[]) => void;
  readonly closed: (document: OpenDocument) => void;
  /** Settings or files changed. */
  readonly changedAll: () => void;
}

export interface Outlet {
  readonly documents: Documents;
  /** Whether edits wait to be applied: what would be found out is about to be out of date. */
  readonly isBehind: () => boolean;
  /** Whether files are yet to be read; `changedAll` follows when they are. */
  readonly isLoading: () => boolean;
  readonly diagnose: (document: OpenDocument, withHints: boolean) => readonly Diagnostic[];
  readonly hasHints: (document: OpenDocument) => boolean;
  readonly send: (document: OpenDocument, diagnostics: readonly Diagnostic[]) => void;
  /** What to say of a text that an analysis did not survive. */
  readonly failed: (document: OpenDocument, error: unknown) => readonly Diagnostic[];
}

interface Sent {
  readonly version: number;
  readonly diagnostics: readonly Diagnostic[];
  readonly hasHints: boolean;
}

export function createPublisher(outlet: Outlet): Publisher {
  const { documents } = outlet;
  const waiting = new Set<string>();
  /** Of these nobody knows yet whether there are hints. */
  const unhinted = new Set<string>();
  /** What was sent last for documents, by key: those that only depend on a change are not sent twice the same. */
  const sent = new Map<string, Sent>();
  let isPlanned = false;

  const plan = (): void => {
    if (isPlanned || waiting.size + unhinted.size === 0) return;
    isPlanned = true;
    later(() => {
      isPlanned = false;
      next();
    });
  };

  /** One document a turn, so that messages are read in between; newer edits first, whatever they make of it. */
  function next(): void {
    if (outlet.isLoading()) return;
    if (outlet.isBehind()) {
      plan();
      return;
    }
    const [key] = waiting;
    if (key === undefined) hintNext();
    else {
      waiting.delete(key);
      unhinted.delete(key);
      const document = documents.get(key);
      if (document !== undefined) publish(document, sent.get(key)?.hasHints === true);
    }
    plan();
  }

  /** Behind all that is wrong, what could be left out. */
  function hintNext(): void {
    const [key] = unhinted;
    if (key === undefined) return;
    unhinted.delete(key);
    const document = documents.get(key);
    if (document !== undefined) publish(document, true);
  }

  function publish(document: OpenDocument, withHints: boolean): void {
    const { key, version } = document;
    const last = sent.get(key);
    const found = diagnose(document, withHints);
    if (!withHints) unhinted.add(key);
    sent.set(key, { version, ...found });
    if (last?.version === version && isSame(last.diagnostics, found.diagnostics)) return;
    outlet.send(document, found.diagnostics);
  }

  /** Also when something goes wrong: what was found in an older text must not stay. */
  function diagnose(document: OpenDocument, withHints: boolean): Omit<Sent, "version"> {
    try {
      const hasHints = withHints && outlet.hasHints(document);
      return { diagnostics: outlet.diagnose(document, hasHints), hasHints };
    } catch (error) {
      return { diagnostics: outlet.failed(document, error), hasHints: false };
    }
  }

  return {
    changed(keys) {
      const before = [...waiting].filter((key) => !keys.includes(key));
      waiting.clear();
      for (const key of [...keys, ...before]) waiting.add(key);
      next();
    },
    closed(document) {
      waiting.delete(document.key);
      unhinted.delete(document.key);
      sent.delete(document.key);
      outlet.send(document, []);
    },
    changedAll() {
      for (const { key } of documents.all()) waiting.add(key);
      plan();
    },
  };
}

function isSame(a: readonly Diagnostic[], b: readonly Diagnostic[]): boolean {
  return a.length === b.length && JSON.stringify(a) === JSON.stringify(b);
}
