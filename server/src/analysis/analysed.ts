// One document analysed: everything that does not run at once, its scenarios as far as somebody wants to know; and
// after a change of one step that step alone.

import { byPlace, type Finding, type Place } from "../base/finding.ts";
import { replacedAt } from "../base/sequence.ts";
import { advance, type Budget, everything, frontier, knownBlocks, type Run } from "../engine/run.ts";
import { type Problem, siteOf } from "../semantics/context.ts";
import type { Library, Visible } from "../semantics/link.ts";
import type { Document, Item } from "../syntax/document.ts";
import { afterStep, type Basis, ranAs, runOf } from "./row-view.ts";
import type { Scenario } from "./runs.ts";
import type { Resumable, View, Work } from "./session.ts";
import { withoutSuppressed, withSuppressions } from "./suppressions.ts";
import { syntaxFindings } from "./syntax-findings.ts";
import { topologyFindings } from "./topologies.ts";
import { tracesOf } from "./traces.ts";
import { unnecessaryIn } from "./unnecessary.ts";
import { verifyFindings } from "./verify.ts";

type Head = Omit<View, "analysis">;

export const textOf = (library: Library, uri: string): string | undefined => {
  const document = library.document(uri);
  return "failed" in document ? undefined : document.text;
};

export function analyseDocument({ work, uri, document, visible, declared }: Head): Resumable {
  const { places } = work;
  const unread = syntaxFindings(uri, document);
  const problems = [
    ...visible.problems,
    ...ownProblems(work, visible, uri),
    ...topologyFindings(work, visible, declared),
    ...verifyFindings(work, visible, declared),
  ];

  const running: { readonly item: Item; readonly run: () => Run }[] = [];
  const used = new Set<number>();
  for (const { item, declaration, origin } of declared) {
    if (item.rows === null || declaration.kind !== "scenario") continue;
    used.add(item.id);
    const scenario = (): Scenario => work.runs.scenario(work, visible, item, declaration, origin);
    const { run, problems: own } = scenario();
    problems.push(...own);
    if (run === null) continue;
    // Somebody may have tried another text with it in between.
    running.push({ item, run: () => (run.rows === item.rows ? run : (scenario().run ?? run)) });
  }
  work.runs.keep(uri, used);
  const known = [...unread, ...problems.map((problem) => places.finding(problem))];

  /** With those of the steps that were run. */
  const gathered = (): Finding[] => {
    const findings = [...known];
    for (const { item, run } of running) places.stepFindings(uri, item, knownBlocks(run()), findings);
    return findings.sort(byPlace);
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
      return { scenarios: runs.size, steps: stepsOf(runs.values()) };
    },
    textOf: (other) => textOf(work.texts, other),
    basis() {
      // What a comment hides depends on lines around it.
      const isPlain = complete !== null && unread.length === 0 && complete.shown === complete.all;
      if (!isPlain) return null;
      const scenarios = running.map(({ item, run }) => ranAs(item, run()));
      return { problems, scenarios, steps: stepsOf(scenarios.map(({ run }) => run)) };
    },
  };
}

function stepsOf(runs: Iterable<Run>): number {
  let steps = 0;
  for (const { results } of runs) for (const block of results.blocks) steps += block.steps;
  return steps;
}

/** The view of the document that came of a step's change; null when it has to be made anew. */
export function viewAfter(before: View, document: Document): View | null {
  const { change } = document;
  if (change === null || change.from !== before.document.items) return null;
  const { uri, work, visible } = before;
  const old = before.analysis.basis();
  const basis = old === null ? null : afterStep(old, change, (run) => work.runs.step(uri, run, change));
  if (basis === null) return null;
  const { item, declaration } = { item: change.after, declaration: change.after.declaration };
  const index = before.declared.findIndex((each) => each.item === change.before);
  const scenario = before.declared[index];
  if (scenario === undefined || declaration === null) return null;
  const declared = replacedAt(before.declared, index, { item, declaration, origin: scenario.origin });
  const head = { uri, document, work, visible, declared };
  return { ...head, analysis: analysisOn(head, basis) };
}

/** Where everything could be read, nothing is to be hidden, and all steps were run. */
function analysisOn({ work, uri, document, visible, declared }: Head, basis: Basis): Resumable {
  const { places } = work;
  const { problems, scenarios, steps } = basis;
  const findings: Finding[] = [];
  for (const problem of problems) findings.push(places.finding(problem));
  for (const { item, faulty } of scenarios)
    if (faulty.length > 0) places.stepFindings(uri, item, faulty, findings);
  if (findings.length > 1) findings.sort(byPlace);
  let hints: readonly Finding[] | null = null;
  return {
    uri,
    get text() {
      return document.text;
    },
    findings,
    advance: () => true,
    soFar: () => ({ findings, rest: null }),
    hints() {
      hints ??= unnecessaryIn(uri, document, findings, ({ id }) => runOf(basis, id));
      return hints;
    },
    traces: () => tracesOf(work, visible, uri, declared),
    summary: { scenarios: scenarios.length, steps },
    textOf: (other) => textOf(work.texts, other),
    basis: () => basis,
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
      const baseIsSound = (): boolean =>
        base === undefined || work.proposals.compiled(work.texts, base).sound;
      return problems.flatMap((problem): Problem[] => {
        if (problem.site.uri === uri) return [problem];
        if (!baseIsSound()) return [];
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
