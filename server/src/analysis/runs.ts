// The runs of scenarios: which proposal and topology each is about, and its Run, kept while these stay the same.

import { askedFor, createRun, type Run, replaceStep, tasksOf, updateRun } from "../engine/run.ts";
import { MAX_TASKS } from "../model/machine.ts";
import type { System } from "../model/system.ts";
import { HARDWARE } from "../model/system.ts";
import { type Origin, type Problem, siteOf } from "../semantics/context.ts";
import { draftFrom } from "../semantics/draft.ts";
import type { PlacedTopology, Visible } from "../semantics/link.ts";
import type { Link } from "../semantics/members.ts";
import { attributeValue, layOut, resolveTopology } from "../semantics/topology.ts";
import { suggestion } from "../semantics/types.ts";
import type { ScenarioDeclaration, Span } from "../syntax/ast.ts";
import { type Item, type RowChange, rowStart } from "../syntax/document.ts";
import type { Work } from "./session.ts";

export interface Scenario {
  /** Null when it could not be run; the problems say why. */
  readonly run: Run | null;
  readonly problems: readonly Problem[];
}

export interface Runs {
  /** The run is about the rows of `item` until the next call for it; nothing is run before somebody asks. */
  readonly scenario: (
    work: Work,
    visible: Visible,
    item: Item,
    node: ScenarioDeclaration,
    origin: Origin,
  ) => Scenario;
  /**
   * Takes a change of one step into the run of its scenario, if that is still the one; no tasks, and nothing asked for, may come or go with it.
   * False, and nothing is done, when more than that step has to be looked at.
   */
  readonly step: (uri: string, run: Run, change: RowChange) => boolean;
  /** Drops the runs of a file's items that are gone. */
  readonly keep: (uri: string, items: ReadonlySet<number>) => void;
  readonly forget: (uri: string) => void;
}

interface Kept {
  readonly run: Run;
  readonly system: System;
  readonly topology: PlacedTopology["declaration"];
  readonly tasks: string;
}

export function createRuns(): Runs {
  const runs = new Map<string, Map<number, Kept>>();
  return {
    scenario(work, visible, item, node, origin) {
      const chosen = choose(work, visible, node, origin);
      if (!("system" in chosen)) return { run: null, problems: chosen.problems };
      const { system, topology } = chosen;
      const { rows } = item;
      if (rows === null) return { run: null, problems: [] };
      const tasks = tasksOf(rows);
      if (tasks.length > MAX_TASKS) {
        const message = `a scenario has at most ${MAX_TASKS} tasks, and this one names ${tasks.length}`;
        return {
          run: null,
          problems: [{ code: "not-established", site: siteOf(origin, node.name), message }],
        };
      }
      const asked = new Set([...askedFor(rows), ...work.asked].sort());
      const key = JSON.stringify([tasks.map(({ name, attributes }) => [name, attributes]), [...asked]]);
      const ofFile = runs.get(origin.uri) ?? new Map<number, Kept>();
      runs.set(origin.uri, ofFile);
      let kept = ofFile.get(item.id);
      if (
        kept?.system !== system ||
        kept.topology !== topology.declaration ||
        kept.tasks !== key ||
        kept.run.failed !== null
      ) {
        const layout = layOut(topology.declaration, topology.origin);
        const resolved = resolveTopology(system, topology.declaration, topology.origin, layout);
        const initial = [...resolved.topology.initial, ...taskFields(system, tasks, origin).initial];
        const run = createRun(
          system,
          { ...resolved.topology, initial },
          tasks.map(({ name }) => name),
          asked,
        );
        kept = { run, system, topology: topology.declaration, tasks: key };
        ofFile.set(item.id, kept);
      }
      updateRun(kept.run, rows);
      const problems = [
        ...taskProblems(kept.run, origin, node),
        ...taskFields(system, tasks, origin, (row) => rowStart(item, row)).problems,
      ];
      return { run: kept.run, problems };
    },
    step(uri, run, { before, after, block, inBlock }) {
      return (
        runs.get(uri)?.get(after.id)?.run === run &&
        after.rows !== null &&
        run.rows === before.rows &&
        replaceStep(run, after.rows, block, inBlock)
      );
    },
    keep(uri, items) {
      const ofFile = runs.get(uri);
      for (const id of ofFile?.keys() ?? []) if (!items.has(id)) ofFile?.delete(id);
    },
    forget(uri) {
      runs.delete(uri);
    },
  };
}

/** The fields that `task NAME with …` sets, and what is wrong with them. */
function taskFields(
  system: System,
  tasks: ReturnType<typeof tasksOf>,
  origin: Origin,
  startOf: (row: number) => number = () => 0,
): { readonly initial: [number, number, number][]; readonly problems: Problem[] } {
  const initial: [number, number, number][] = [];
  const problems: Problem[] = [];
  if (tasks.every(({ attributes }) => attributes.length === 0)) return { initial, problems };
  const draft = draftFrom(system);
  const own = system.fields.filter(({ kind, name }) => kind === HARDWARE.task && !name.startsWith("("));
  tasks.forEach(({ row, attributes }, index) => {
    for (const attribute of attributes) {
      const field = own.find(({ name }) => name === attribute.name.text);
      const value = field === undefined ? null : attributeValue(draft, origin, attribute, field.type, []);
      if (field !== undefined && value !== null) initial.push([field.id, index, value]);
      if (field === undefined) {
        const message = `${system.proposal} has no fact or state \`${attribute.name.text}\` of tasks`;
        draft.problems.push({
          code: "unknown-attribute",
          severity: "warning",
          site: siteOf(origin, attribute.name),
          message,
          help: suggestion(
            attribute.name.text,
            own.map(({ name }) => name),
          ),
        });
      }
      const by = startOf(row);
      for (const problem of draft.problems.splice(0)) {
        problems.push({
          ...problem,
          site: { ...problem.site, start: problem.site.start + by, end: problem.site.end + by },
        });
      }
    }
  });
  return { initial, problems };
}

type Choice =
  | { readonly system: System; readonly topology: PlacedTopology }
  | { readonly problems: readonly Problem[] };

function choose(work: Work, visible: Visible, node: ScenarioDeclaration, origin: Origin): Choice {
  const proposal = chooseProposal(visible, node, origin);
  const topology = chooseTopology(visible, node, origin);
  if ("code" in proposal || "code" in topology) {
    return { problems: [proposal, topology].flatMap((choice) => ("code" in choice ? [choice] : [])) };
  }
  const { system, sound, problems } = work.proposals.compiled(work.texts, proposal);
  const name = proposal.declaration.name.text;
  if (system.abstract && sound) {
    return {
      problems: [
        problemAt(
          origin,
          node.proposal ?? node.name,
          "no-proposal",
          `\`${name}\` is abstract: a base for proposals, which runs no scenarios`,
        ),
      ],
    };
  }
  if (!sound) {
    const own = proposal.origin.uri === origin.uri;
    const problem = problemAt(
      origin,
      node.name,
      "not-established",
      `not run: the proposal \`${name}\` has errors`,
    );
    const first = problems.slice(0, 1).map(({ site, message }) => ({ site, message }));
    return { problems: [{ ...problem, severity: own ? "info" : "error", related: first }] };
  }
  return { system, topology };
}

function problemAt(
  origin: Origin,
  span: Span,
  code: string,
  message: string,
  help: readonly string[] = [],
): Problem {
  return { code, site: siteOf(origin, span), message, help };
}

/** The proposal that a scenario is about. */
export function chooseProposal(visible: Visible, node: ScenarioDeclaration, origin: Origin): Link | Problem {
  const named = node.proposal?.text;
  if (named !== undefined) {
    const found = visible.proposals.get(named);
    if (found !== undefined) return found;
    const help = suggestion(named, visible.proposals.keys());
    return problemAt(
      origin,
      node.proposal ?? node.name,
      "unknown-proposal",
      `no proposal \`${named}\` is in use here`,
      help.length > 0 ? help : [`add \`use ${named}\` at the top`],
    );
  }
  const candidates = [...(visible.candidates.size > 0 ? visible.candidates : visible.distant)];
  const only = candidates.length === 1 ? visible.proposals.get(candidates[0] ?? "") : undefined;
  if (only !== undefined) return only;
  return candidates.length === 0
    ? problemAt(origin, node.name, "no-proposal", "this scenario has no proposal to run on", [
        "add `use vfio`, or another proposal, at the top of the file",
      ])
    : problemAt(origin, node.name, "no-proposal", `this scenario could run on ${candidates.join(", ")}`, [
        `say which: \`scenario … with ${candidates[0]} {\``,
      ]);
}

export function chooseTopology(
  visible: Visible,
  node: ScenarioDeclaration,
  origin: Origin,
): PlacedTopology | Problem {
  const named = node.topology?.text;
  if (named !== undefined) {
    const found = visible.topologies.get(named);
    return (
      found ??
      problemAt(
        origin,
        node.topology ?? node.name,
        "unknown-topology",
        `no topology is called \`${named}\``,
        suggestion(named, visible.topologies.keys()),
      )
    );
  }
  const all = [...visible.topologies.values()];
  const [only] = all;
  if (only !== undefined && all.length === 1) return only;
  return all.length === 0
    ? problemAt(origin, node.name, "no-topology", "this scenario has no topology to run on", [
        "declare one: `topology box { iommu a  group 1 behind a { device nic driver vfio_pci } }`",
      ])
    : problemAt(
        origin,
        node.name,
        "no-topology",
        `this scenario could run on ${[...visible.topologies.keys()].join(", ")}`,
        [`say which: \`scenario … on ${[...visible.topologies.keys()][0]} {\``],
      );
}

/** A task called like a device could not be told from it. */
function taskProblems(run: Run, origin: Origin, node: ScenarioDeclaration): Problem[] {
  const { tasks, topology } = run.world.machine;
  return tasks
    .filter((task) => topology.names[HARDWARE.device]?.includes(task))
    .map((task) =>
      problemAt(
        origin,
        node.name,
        "duplicate-name",
        `task \`${task}\` has the name of a device of ${topology.name}`,
      ),
    );
}
