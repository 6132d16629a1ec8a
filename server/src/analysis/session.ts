// The memory behind analyses: documents, compiled proposals and runs, each kept for as long as what it was made
// from is the same. A fresh session and one that saw a thousand edits give the same findings.

import type { Analysis, Files } from "../analysis.ts";
import type { Finding, Place } from "../base/finding.ts";
import { advance, type Budget, everything, frontier, knownBlocks, type Run } from "../engine/run.ts";
import { type Problem, siteOf } from "../semantics/context.ts";
import { declarationsOf, type Library, type Visible, visibleFrom } from "../semantics/link.ts";
import { isShipped, SHIPPED, shippedText } from "../semantics/shipped.ts";
import { type Document, type Edit, editDocument, type Item, parseDocument } from "../syntax/document.ts";
import { documentFrom, type Prepared } from "./outlines.ts";
import { createPlaces, type Places } from "./places.ts";
import { createProposals, type Proposals } from "./proposals.ts";
import { createRuns, type Runs, type Scenario } from "./runs.ts";
import { withoutSuppressed, withSuppressions } from "./suppressions.ts";
import { syntaxFindings } from "./syntax-findings.ts";
import { topologyFindings } from "./topologies.ts";
import { tracesOf } from "./traces.ts";
import { unnecessaryIn } from "./unnecessary.ts";
import { verifyFindings } from "./verify.ts";

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
  readonly analysis: Resumable;
}

/** Whoever asks for a part of it gets it complete: what is not known yet is found out then. */
export interface Resumable extends Analysis {
  /** Finds out more, and says whether all is known. Most texts need one call; a long one can be left half-way. */
  readonly advance: (budget: Budget) => boolean;
  readonly soFar: () => SoFar;
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
    const text = (): string => prepared?.text(file) ?? shippedText(file) ?? "";
    const outline = prepared?.outline(file) ?? null;
    if (outline === null) return parse(uri, text());
    const document = parsed.get(uri) ?? documentFrom(outline, text);
    parsed.set(uri, document);
    return document;
  };

  /** Files as they are during one analysis. */
  const snapshot = (): Library => {
    const documents = new Map<string, ReturnType<Library["document"]>>();
    const load = (uri: string): ReturnType<Library["document"]> => {
      const open = opened.get(uri);
      if (open !== undefined) return open;
      const shipped = shippedDocument(uri);
      if (shipped !== null) return shipped;
      const loaded = files.read(uri);
      return loaded.ok ? parse(uri, loaded.text) : { failed: loaded.message };
    };
    return {
      resolve: files.resolve,
      document(uri) {
        const document = documents.get(uri) ?? load(uri);
        documents.set(uri, document);
        return document;
      },
    };
  };

  const viewOf = (texts: Library, uri: string, document: Document): View =>
    viewWith({ texts, proposals, runs, places: createPlaces(texts), asked }, uri, document);

  return {
    open(uri, text) {
      opened.set(uri, parse(uri, text));
    },
    edit(uri, edit) {
      const document = opened.get(uri);
      if (document === undefined) return;
      opened.set(uri, editDocument(document, edit));
      parsed.delete(uri);
    },
    close(uri) {
      opened.delete(uri);
      parsed.delete(uri);
      runs.forget(uri);
    },
    opened: (uri) => opened.get(uri),
    analyse(uri) {
      const library = snapshot();
      const loaded = opened.has(uri) ? null : files.read(uri);
      if (loaded !== null && !loaded.ok) return unreadable(uri, library, loaded);
      const document = library.document(uri);
      if ("failed" in document)
        return unreadable(uri, library, { code: "unreadable", message: document.failed });
      return completeView(viewOf(library, uri, document)).analysis;
    },
    view(uri) {
      const library = snapshot();
      const document = library.document(uri);
      return "failed" in document ? null : viewOf(library, uri, document);
    },
  };
}

export function viewWith(work: Work, uri: string, document: Document): View {
  const visible = visibleFrom(work.texts, uri);
  const declared = declarationsOf(document, uri);
  const analysis = analyseDocument(work, uri, document, visible, declared);
  return { uri, document, work, visible, declared, analysis };
}

/** With all steps run: for who goes on to another text. */
export function completeView(view: View): View {
  view.analysis.advance(everything());
  view.analysis.soFar();
  return view;
}

const textOf = (library: Library, uri: string): string | undefined => {
  const document = library.document(uri);
  return "failed" in document ? undefined : document.text;
};

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

function analyseDocument(
  work: Work,
  uri: string,
  document: Document,
  visible: Visible,
  declared: View["declared"],
): Resumable {
  const { places } = work;
  const known: Finding[] = [...syntaxFindings(uri, document)];
  for (const problem of visible.problems) known.push(places.finding(problem));
  for (const problem of ownProblems(work, visible, uri)) known.push(places.finding(problem));
  for (const problem of topologyFindings(work, visible, declared)) known.push(places.finding(problem));
  for (const problem of verifyFindings(work, visible, declared)) known.push(places.finding(problem));

  const running: { readonly item: Item; readonly run: () => Run }[] = [];
  const used = new Set<number>();
  for (const { item, declaration, origin } of declared) {
    if (item.rows === null || declaration.kind !== "scenario") continue;
    used.add(item.id);
    const scenario = (): Scenario => work.runs.scenario(work, visible, item, declaration, origin);
    const { run, problems } = scenario();
    for (const problem of problems) known.push(places.finding(problem));
    if (run === null) continue;
    // Somebody may have tried another text with it in between.
    running.push({ item, run: () => (run.rows === item.rows ? run : (scenario().run ?? run)) });
  }
  work.runs.keep(uri, used);

  /** With those of the steps that were run. */
  const gathered = (): Finding[] => {
    const findings = [...known];
    for (const { item, run } of running) places.stepFindings(uri, item, knownBlocks(run()), findings);
    return findings.sort(
      (a, b) => a.start - b.start || a.end - b.end || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
    );
  };

  const advanced = (budget: Budget): boolean =>
    running.reduce((isDone, { run }) => advance(run(), budget) && isDone, true);

  let complete: {
    readonly all: readonly Finding[];
    readonly shown: readonly Finding[];
    readonly runs: ReadonlyMap<number, Run>;
  } | null = null;
  const completed = (): NonNullable<typeof complete> => {
    if (complete !== null) return complete;
    advanced(everything());
    const all = gathered();
    const runs = new Map(running.map(({ item, run }) => [item.id, run()]));
    complete = { all, shown: withSuppressions(uri, document, all, true), runs };
    return complete;
  };

  const restOf = (): Place | null => {
    for (const { item, run } of running) {
      const row = frontier(run());
      if (row !== null) return places.row(uri, item, row);
    }
    return null;
  };

  let hints: readonly Finding[] | null = null;
  return {
    uri,
    get text() {
      return document.text;
    },
    get findings() {
      return completed().shown;
    },
    advance: (budget) => complete !== null || advanced(budget),
    soFar() {
      const rest = complete === null ? restOf() : null;
      return rest === null
        ? { findings: completed().shown, rest }
        : { findings: withSuppressions(uri, document, gathered(), false), rest };
    },
    hints() {
      const { all, runs } = completed();
      hints ??= withoutSuppressed(
        document,
        unnecessaryIn(uri, document, all, ({ id }) => runs.get(id) ?? null),
      );
      return hints;
    },
    traces: () => tracesOf(work, visible, uri, declared),
    get summary() {
      const { runs } = completed();
      let steps = 0;
      for (const { results } of runs.values()) for (const block of results.blocks) steps += block.steps;
      return { scenarios: runs.size, steps };
    },
    textOf: (other) => textOf(work.texts, other),
  };
}

/** What is wrong with the proposals that this file declares, also where it shows in the text of a base that was fine. */
function ownProblems(work: Work, visible: Visible, uri: string): Problem[] {
  const own = [...visible.proposals.values()].filter(({ origin }) => origin.uri === uri);
  const seen = new Set<string>();
  return own
    .flatMap((link) => {
      const { problems, links } = work.proposals.compiled(work.texts, link);
      const base = links[links.length - 2];
      const baseIsSound = base === undefined || work.proposals.compiled(work.texts, base).sound;
      return problems.flatMap((problem): Problem[] => {
        if (problem.site.uri === uri) return [problem];
        if (!baseIsSound) return [];
        const { site, message } = problem;
        return [
          { ...problem, site: siteOf(link.origin, link.declaration.name), related: [{ site, message }] },
        ];
      });
    })
    .filter(({ code, site, message }) => {
      const key = `${code} ${site.item} ${site.start} ${site.end} ${message}`;
      return !seen.has(key) && seen.add(key) !== undefined;
    });
}
