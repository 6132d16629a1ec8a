// A sequence that decides a claim as a scenario that says so: every call, what it breaks, and at the end what was asked
// for. It is run in the engine of scenarios before anybody sees it.

import { createPlaces } from "../../analysis/places.ts";
import { createRuns } from "../../analysis/runs.ts";
import type { Decision } from "../../analysis/verify-decisions.ts";
import type { Posed } from "../../analysis/verify-problems.ts";
import { scenariosOf, type View } from "../../analysis/view.ts";
import { editedDocument } from "../../analysis/what-if.ts";
import type { Finding } from "../../base/finding.ts";
import { kebab, OK, type Outcome } from "../../engine/outcome.ts";
import type { Goal } from "../../explore/problem.ts";
import { HARDWARE, type System } from "../../model/system.ts";
import { reference } from "../../model/values.ts";
import { declarationsOf, type Library, neighbour, type Visible, visibleFrom } from "../../semantics/link.ts";
import type { Claim, Name } from "../../syntax/ast.ts";
import { type Edit, parseDocument } from "../../syntax/document.ts";
import { printExpression } from "../../syntax/print.ts";
import { printAnyName, printName, quote } from "../../syntax/print-expression.ts";
import { expectationFor } from "../code-actions/expectation.ts";
import { addition } from "../code-actions/use.ts";
import type { Written } from "../repair/write.ts";
import { script } from "./script.ts";

export interface Counterexample {
  readonly name: string;
  /** The whole scenario, without a line break at its end. */
  readonly text: string;
  /** Behind the file's text it runs, and nothing is found; tried when somebody asks. */
  readonly runs: boolean;
  /** The calls alone. */
  readonly calls: readonly Written[];
  /** What the last call breaks and why; its places are in `bare`, whose lines are those of `text`. */
  readonly finding: Finding | null;
  /** The scenario without expectations. */
  readonly bare: string;
  /** What the file needs to know the proposal. */
  readonly use: Edit | null;
}

/** The uri of places in a scenario that is in no file. */
export const SCENARIO = "counterexample";

/** Null when nothing was found, or no program could make these calls. */
export function counterexample(view: View, posed: Posed, { claim, found }: Decision): Counterexample | null {
  const { problem, topology } = posed;
  const { system } = problem;
  const goal = found === null ? undefined : problem.goals[found.goal];
  const calls = found === null ? null : script(view, problem, found.path);
  if (goal === undefined || calls === null) return null;
  const use = view.visible.proposals.has(system.proposal) ? null : addition(view, system.proposal);
  const proposal: Name = { kind: "name", text: system.proposal, start: 0, end: 0 };
  const name = freeName(view, `${system.proposal} on ${topology.text}: ${gist(claim.node, goal)}`);
  const head = `scenario ${quote(name)} on ${printAnyName(topology)} with ${printName(proposal)} {`;
  const last = claim.condition === null ? [] : [`  assert ${printExpression(claim.condition)}`];
  const write = (behind: (call: number) => string): string =>
    [head, ...bodyOf(calls, problem.bounds.tasks, behind), ...last, "}"].join("\n");

  const bare = write(() => "");
  const visible = use === null ? view.visible : withNeighbour(view, system.proposal);
  const first = runAlone(view, visible, bare, new Set([...view.work.asked, ...askedBy(goal, system)]));
  const text = write((call) => {
    const expected = expectationFor(first?.outcomes[call] ?? OK);
    return expected === null || expected === "ok" ? "" : `  ${expected}`;
  });
  const finding = first?.findings.findLast(({ code }) => isAbout(goal, system, code)) ?? null;
  return {
    ...{ name, text, calls, finding, bare, use },
    get runs() {
      return runsAtEnd(view, use, text);
    },
  };
}

/** What the file sees once it uses the proposal. */
function withNeighbour({ work, uri, visible }: View, name: string): Visible {
  const link = neighbour(work.texts, uri, name);
  return link === undefined
    ? visible
    : { ...visible, proposals: new Map([...visible.proposals, [name, link]]) };
}

/** What is to be seen in the scenario, as its name says it. */
function gist(claim: Claim, goal: Goal): string {
  switch (claim.claim) {
    case "safe":
      return goal.find === "hazard" ? `${goal.hazard}` : "not safe";
    case "breaks":
      return `breaks ${claim.name?.kind === "name" ? claim.name.text : ""}`;
    case "reach":
    case "never":
      return claim.name?.kind === "string"
        ? claim.name.value
        : claim.condition === null
          ? "reached"
          : printExpression(claim.condition);
    default:
      return claim.claim satisfies never;
  }
}

function freeName(view: View, wanted: string): string {
  const taken = new Set(
    scenariosOf(view).map(({ declaration: { name } }) => (name.kind === "string" ? name.value : name.text)),
  );
  if (!taken.has(wanted)) return wanted;
  for (let i = 2; ; i++) if (!taken.has(`${wanted} (${i})`)) return `${wanted} (${i})`;
}

/** Calls of other tasks than the first stand in blocks; a task that only is sent something is named by an empty one. */
function bodyOf(
  calls: readonly Written[],
  tasks: readonly string[],
  behind: (call: number) => string,
): string[] {
  const refOf = (task: number): number => reference(HARDWARE.task, task);
  const silent = tasks.filter(
    (name, task) =>
      task > 0 &&
      !calls.some((each) => each.task === refOf(task)) &&
      calls.some(({ text }) => new RegExp(`\\b${name}\\b`).test(text)),
  );
  const lines = silent.map((name) => `  task ${name} {}`);
  let current = refOf(0);
  const close = (): void => {
    if (current !== refOf(0)) lines.push("  }");
  };
  calls.forEach(({ task, text }, call) => {
    if (task !== current) {
      close();
      const index = tasks.findIndex((_, i) => refOf(i) === task);
      if (task !== refOf(0)) lines.push(`  task ${tasks[index] ?? ""} {`);
      current = task;
    }
    lines.push(`${task === refOf(0) ? "  " : "    "}${text}${behind(call)}`);
  });
  close();
  return lines;
}

/** Rules and hazards that are looked at only when somebody asks. */
function askedBy(goal: Goal, system: System): string[] {
  if (goal.find === "hazard") return [kebab(goal.hazard)];
  return goal.find === "broken-rule"
    ? goal.rules.flatMap((index) => kebab(system.rules[index]?.name ?? ""))
    : [];
}

const isAbout = (goal: Goal, system: System, code: string): boolean =>
  askedBy(goal, system).includes(code) ||
  (goal.find === "broken-rule" && goal.lifetime && code === "lifetime");

export interface Ran {
  /** By call. */
  readonly outcomes: readonly Outcome[];
  readonly findings: readonly Finding[];
}

/** Whether a scenario runs at the end of the file, and nothing is found. */
function runsAtEnd(view: View, use: Edit | null, text: string): boolean {
  const end = view.document.text.length;
  const document = editedDocument(view.document, [
    ...(use === null ? [] : [use]),
    { start: end, end, text: `\n\n${text}\n` },
  ]);
  const { resolve, document: other } = view.work.texts;
  const texts: Library = { resolve, document: (uri) => (uri === view.uri ? document : other(uri)) };
  const visible = visibleFrom(texts, view.uri);
  return ran(view, texts, visible, view.uri, view.work.asked)?.findings.length === 0;
}

/** Runs a scenario that sees what is visible in a file, in a text of its own; null when it cannot be run. */
export function runAlone(view: View, visible: Visible, text: string, asked: ReadonlySet<string>): Ran | null {
  const document = parseDocument(text);
  const { resolve, document: other } = view.work.texts;
  const texts: Library = { resolve, document: (uri) => (uri === SCENARIO ? document : other(uri)) };
  return ran(view, texts, visible, SCENARIO, asked);
}

/** Runs the last declaration of a text, which is a scenario. */
function ran(
  view: View,
  texts: Library,
  visible: Visible,
  uri: string,
  asked: ReadonlySet<string>,
): Ran | null {
  const document = texts.document(uri);
  const last = "failed" in document ? undefined : declarationsOf(document, uri).at(-1);
  if (last?.declaration.kind !== "scenario") return null;
  const { item, declaration, origin } = last;
  const places = createPlaces(texts);
  const runs = createRuns();
  const { run, problems } = runs.scenario(
    { ...view.work, texts, places, runs, asked },
    visible,
    item,
    declaration,
    origin,
  );
  if (run === null || problems.length > 0) return null;
  const findings: Finding[] = [];
  places.stepFindings(uri, item, run.results.blocks, findings);
  const outcomes = [...run.results].flatMap(({ row, outcome }) =>
    row.node?.kind === "step" ? [outcome] : [],
  );
  return { outcomes, findings };
}
