// Diagnostics to the client: after every change those of the newest text, then those of the open documents that depend
// on it. Never of an older version: what is found out is sent in the same turn. Hints come in a turn of their own, unless
// there were some before, which must not blink. A client that asks for diagnostics itself is told only when to ask again.
// Where much has to be found out anew, what is known soon is sent soon, and says how far it goes; the rest is found out
// in many short turns and sent when it is complete.

import type { Diagnostic } from "vscode-languageserver";
import type { Documents, OpenDocument } from "./documents.ts";
import { later } from "./schedule.ts";

export interface Publisher {
  /** These have a new text, or depend on one that has; the most urgent one first. */
  readonly changed: (keys: readonly string[]) => void;
  readonly closed: (document: OpenDocument) => void;
  /** Settings or files changed. */
  readonly changedAll: () => void;
  /** When nothing is to be found out about this document any more, or it is closed. */
  readonly settled: (key: string) => Promise<void>;
}

/** Somebody waits for the first; between later ones messages are read. */
export type Turn = "first" | "later";

export interface Outlet {
  readonly documents: Documents;
  /** Whether edits wait to be applied: what would be found out is about to be out of date. */
  readonly isBehind: () => boolean;
  /** Whether files are yet to be read; `changedAll` follows when they are. */
  readonly isLoading: () => boolean;
  /** Finds out more about a document, for a short while; says whether all is known. */
  readonly advance: (document: OpenDocument, turn: Turn) => boolean;
  /** What is known, and how far that goes; with hints all is found out first. */
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
  /** Of these not all is known and sent. */
  const unfinished = new Set<string>();
  const settling = new Map<string, (() => void)[]>();
  /** Of these nobody knows yet whether there are hints. */
  const unhinted = new Set<string>();
  /** What was sent last for documents, by key: those that only depend on a change are not sent twice the same. */
  const sent = new Map<string, Sent>();
  let isPlanned = false;

  const plan = (): void => {
    if (isPlanned || waiting.size + unfinished.size + unhinted.size === 0) return;
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
    if (key !== undefined) {
      waiting.delete(key);
      unhinted.delete(key);
      const document = documents.get(key);
      if (document !== undefined) publish(document, "first");
      else settle(key);
    } else if (unfinished.size > 0) finishNext();
    else hintNext();
    plan();
  }

  function finishNext(): void {
    const [key] = unfinished;
    const document = key === undefined ? undefined : documents.get(key);
    if (document !== undefined) publish(document, "later");
    else if (key !== undefined) settle(key);
  }

  function settle(key: string): void {
    unfinished.delete(key);
    for (const done of settling.get(key) ?? []) done();
    settling.delete(key);
  }

  /** Behind all that is wrong, what could be left out. */
  function hintNext(): void {
    const [key] = unhinted;
    if (key === undefined) return;
    unhinted.delete(key);
    const document = documents.get(key);
    if (document !== undefined)
      send(
        document,
        guarded(document, () => diagnose(document, true)),
      );
  }

  /** In the first turn what is known by then, in later ones only what is complete. */
  function publish(document: OpenDocument, turn: Turn): void {
    const { key } = document;
    const withHints = sent.get(key)?.hasHints === true;
    let isComplete = true;
    const found = guarded(document, () => {
      isComplete = outlet.advance(document, turn);
      if (isComplete) return diagnose(document, withHints);
      return turn === "first" ? diagnose(document, false) : null;
    });
    if (found !== null) send(document, found);
    if (!isComplete) unfinished.add(key);
    else {
      if (!withHints) unhinted.add(key);
      settle(key);
    }
  }

  function send(document: OpenDocument, found: Omit<Sent, "version">): void {
    const { key, version } = document;
    const last = sent.get(key);
    sent.set(key, { version, ...found });
    if (last?.version === version && isSame(last.diagnostics, found.diagnostics)) return;
    outlet.send(document, found.diagnostics);
  }

  function diagnose(document: OpenDocument, withHints: boolean): Omit<Sent, "version"> {
    const hasHints = withHints && outlet.hasHints(document);
    return { diagnostics: outlet.diagnose(document, hasHints), hasHints };
  }

  /** Also when something goes wrong: what was found in an older text must not stay. */
  function guarded<T>(document: OpenDocument, find: () => T): T | Omit<Sent, "version"> {
    try {
      return find();
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
      settle(document.key);
      sent.delete(document.key);
      outlet.send(document, []);
    },
    changedAll() {
      for (const { key } of documents.all()) waiting.add(key);
      plan();
    },
    settled(key) {
      if (!waiting.has(key) && !unfinished.has(key)) return Promise.resolve();
      return new Promise((done) => settling.set(key, [...(settling.get(key) ?? []), done]));
    },
  };
}

function isSame(a: readonly Diagnostic[], b: readonly Diagnostic[]): boolean {
  return a.length === b.length && JSON.stringify(a) === JSON.stringify(b);
}
