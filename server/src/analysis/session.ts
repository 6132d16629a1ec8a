// The memory behind analyses: documents, compiled proposals and runs, each kept for as long as what it was made
// from is the same. A fresh session and one that saw a thousand edits give the same findings.

import type { Analysis, Files } from "../analysis.ts";
import type { Finding, Place } from "../base/finding.ts";
import { type Budget, everything } from "../engine/run.ts";
import { declarationsOf, type Library, type Visible, visibleFrom } from "../semantics/link.ts";
import { isShipped, SHIPPED, shippedText } from "../semantics/shipped.ts";
import { type Document, type Edit, editDocument, parseDocument } from "../syntax/document.ts";
import { analyseDocument, textOf, viewAfter } from "./analysed.ts";
import { documentFrom, type Prepared } from "./outlines.ts";
import { createPlaces, type Places } from "./places.ts";
import { createProposals, type Proposals } from "./proposals.ts";
import type { Basis } from "./row-view.ts";
import { createRuns, type Runs } from "./runs.ts";

export interface Session {
  /** From now on `uri` has this text, whatever the files say. */
  readonly open: (uri: string, text: string) => void;
  /** An edit of an opened text. */
  readonly edit: (uri: string, edit: Edit) => void;
  readonly close: (uri: string) => void;
  /** An opened text as it is now. */
  readonly opened: (uri: string) => Document | undefined;
  /** Complete, and good for ever but for hints and traces. */
  readonly analyse: (uri: string) => Analysis;
  /**
   * What editor features ask; null for a text that cannot be read. Good until any text changes. Scenarios are run when
   * something about them is asked.
   */
  readonly view: (uri: string) => View | null;
}

/** One document as it is now, with all that was found out about it. */
export interface View {
  readonly uri: string;
  readonly document: Document;
  readonly work: Work;
  readonly visible: Visible;
  readonly declared: ReturnType<typeof declarationsOf>;
  /** Made when somebody asks. */
  readonly analysis: Resumable;
}

/** Whoever asks for a part of it gets it complete: what is not known yet is found out then. */
export interface Resumable extends Analysis {
  /** Finds out more, and says whether all is known. Most texts need one call; a long one can be left half-way. */
  readonly advance: (budget: Budget) => boolean;
  readonly soFar: () => SoFar;
  /** Null when it is not complete, and when a change of one step may be a matter of more than that step. */
  readonly basis: () => Basis | null;
}

/** What is known of a text whose steps were not all run yet. */
export interface SoFar {
  /** All that is wrong in front of `rest`, and what is known about the text behind it. */
  readonly findings: readonly Finding[];
  /** Where the steps begin that were not run yet; null when there are none. */
  readonly rest: Place | null;
}

/** What one analysis works with. */
export interface Work {
  readonly texts: Library;
  readonly proposals: Proposals;
  readonly runs: Runs;
  readonly places: Places;
  /** Rules and hazards (in kebab case) to look at although they are off. */
  readonly asked: ReadonlySet<string>;
}

export interface Options {
  /** Rules and hazards (in kebab case) to look at although they are off. */
  readonly asked?: ReadonlySet<string>;
  /** What a build knows of the shipped proposals; without it they are parsed and compiled. */
  readonly prepared?: Prepared | null;
}

export function createSession(files: Files, { asked = new Set(), prepared = null }: Options = {}): Session {
  const opened = new Map<string, Document>();
  const parsed = new Map<string, Document>();
  const proposals = createProposals(prepared);
  const runs = createRuns();

  /** A document for this text: the one from last time if the text is the same. */
  const parse = (uri: string, text: string): Document => {
    const known = parsed.get(uri);
    if (known?.text === text) return known;
    const document = parseDocument(text);
    parsed.set(uri, document);
    return document;
  };

  const shippedDocument = (uri: string): Document | null => {
    const file = uri.startsWith(SHIPPED) ? uri.slice(SHIPPED.length) : "";
    if (!isShipped(file)) return null;
    const known = parsed.get(uri);
    if (known !== undefined) return known;
    const text = (): string => prepared?.text(file) ?? shippedText(file) ?? "";
    const outline = prepared?.outline(file) ?? null;
    if (outline === null) return parse(uri, text());
    const bodies = (): string | null => prepared?.bodies(file) ?? null;
    const document = documentFrom(outline, text, bodies);
    parsed.set(uri, document);
    return document;
  };

  const load = (uri: string): ReturnType<Library["document"]> => {
    const open = opened.get(uri);
    if (open !== undefined) return open;
    const shipped = shippedDocument(uri);
    if (shipped !== null) return shipped;
    const loaded = files.read(uri);
    return loaded.ok ? parse(uri, loaded.text) : { failed: loaded.message };
  };

  /** Views of documents that were not edited since but in their steps, with all that they have looked at. */
  const kept = new Map<string, Kept>();
  const forgetOthers = (uri: string): void => {
    for (const other of kept.keys()) if (other !== uri) kept.delete(other);
  };

  /** Files as they are during one analysis, and while nothing changes but steps of the document itself. */
  const look = (uri: string): Kept => {
    const documents: Kept["documents"] = new Map();
    const texts: Library = {
      resolve: files.resolve,
      document(other) {
        const document = documents.get(other) ?? load(other);
        documents.set(other, document);
        return document;
      },
    };
    const work = { texts, proposals, runs, places: createPlaces(texts), asked };
    const looked = { documents, work, revision: files.revision?.(), view: null };
    if (files.revision !== undefined && opened.has(uri)) kept.set(uri, looked);
    return looked;
  };

  /** Null for a text that cannot be read; `library` is what it was looked for in. */
  const viewNow = (uri: string): { readonly library: Library; readonly view: View | null } => {
    const before = kept.get(uri);
    const now = opened.get(uri);
    if (before?.view && now !== undefined && before.revision === files.revision?.()) {
      const library = before.work.texts;
      if (before.view.document === now) return { library, view: before.view };
      before.documents.set(uri, now);
      const view = viewAfter(before.view, now);
      before.view = view;
      if (view !== null) return { library, view };
    }
    kept.delete(uri);
    const looked = look(uri);
    const library = looked.work.texts;
    const document = library.document(uri);
    if (!("failed" in document)) looked.view = viewWith(looked.work, uri, document);
    // What is claimed may be decided without an edit.
    if (looked.view?.declared.some(({ declaration }) => declaration.kind === "verify")) kept.delete(uri);
    return { library, view: looked.view };
  };

  return {
    open(uri, text) {
      kept.clear();
      opened.set(uri, parse(uri, text));
    },
    edit(uri, edit) {
      const document = opened.get(uri);
      if (document === undefined) return;
      forgetOthers(uri);
      opened.set(uri, editDocument(document, edit));
      parsed.delete(uri);
    },
    close(uri) {
      kept.clear();
      opened.delete(uri);
      parsed.delete(uri);
      runs.forget(uri);
    },
    opened: (uri) => opened.get(uri),
    analyse(uri) {
      const loaded = opened.has(uri) ? null : files.read(uri);
      const { library, view } = viewNow(uri);
      if (loaded !== null && !loaded.ok) return unreadable(uri, library, loaded);
      const document = library.document(uri);
      return view === null || "failed" in document
        ? unreadable(uri, library, {
            code: "unreadable",
            message: "failed" in document ? document.failed : "",
          })
        : completeView(view).analysis;
    },
    view: (uri) => viewNow(uri).view,
  };
}

interface Kept {
  readonly documents: Map<string, ReturnType<Library["document"]>>;
  readonly work: Work;
  readonly revision: unknown;
  view: View | null;
}

export function viewWith(work: Work, uri: string, document: Document): View {
  const visible = visibleFrom(work.texts, uri);
  const declared = declarationsOf(document, uri);
  const head = { uri, document, work, visible, declared };
  let analysis: Resumable | null = null;
  return {
    ...head,
    get analysis() {
      analysis ??= analyseDocument(head);
      return analysis;
    },
  };
}

/** With all steps run: for who goes on to another text. */
export function completeView(view: View): View {
  view.analysis.advance(everything());
  view.analysis.soFar();
  return view;
}

function unreadable(
  uri: string,
  library: Library,
  why: { code: string; message: string; offset?: number },
): Analysis {
  const at = why.offset ?? 0;
  const finding: Finding = {
    code: why.code,
    severity: "error",
    uri,
    start: at,
    end: at,
    message: why.message,
    related: [],
    help: [],
    notes: [],
  };
  return {
    uri,
    text: "",
    findings: [finding],
    hints: () => [],
    traces: () => [],
    summary: { scenarios: 0, steps: 0 },
    textOf: (other) => (other === uri ? "" : textOf(library, other)),
  };
}
