// Scenarios as pictures, one state at a time: long scenarios are never drawn as a whole. Pure; for the trace view,
// the language server and the command line.

import { type PlacedScenario, rowIn, scenarioAt, scenariosOf, type View } from "../analysis/view.ts";
import type { Place } from "../base/finding.ts";
import { moveTo, type Run } from "../engine/run.ts";
import { HARDWARE } from "../model/system.ts";
import { indexOf, kindOf } from "../model/values.ts";
import { layOut } from "../semantics/topology.ts";
import { rowStart } from "../syntax/document.ts";
import { printStep } from "../syntax/print.ts";
import { type BrokenState, brokenStates } from "./trace-picture/broken.ts";
import { changedFacts, changedIds, changesBetween } from "./trace-picture/changes.ts";
import { type Graph, graphOf } from "./trace-picture/graph.ts";
import type { BrokenRule, Picture, PictureStep, StepLine } from "./trace-picture/picture.ts";
import { rowOfTask, rowWithId, type Steps, stepsOf } from "./trace-picture/steps.ts";
import { summarised } from "./trace-picture/summary.ts";

export type { Picture, StepLine } from "./trace-picture/picture.ts";

/** A scenario that ran. */
export interface TracedScenario {
  readonly name: string;
  readonly uri: string;
  readonly scenario: PlacedScenario & { readonly run: Run };
  readonly steps: Steps;
  readonly view: View;
}

/** The scenarios of a text that can be run, in order. */
export function tracedScenarios(view: View): TracedScenario[] {
  return scenariosOf(view).flatMap((scenario) => traced(view, scenario) ?? []);
}

/** The scenario around an offset and the last step that begins at or before it; step 0 in front of the first. */
export function traceAt(view: View, offset: number): { scenario: TracedScenario; step: number } | null {
  const placed = scenarioAt(view, offset);
  const scenario = placed === null ? null : traced(view, placed);
  if (scenario === null || placed === null) return null;
  const row = rowIn(placed, offset)?.index ?? -1;
  return { scenario, step: scenario.steps.upTo(row) };
}

function traced(view: View, placed: PlacedScenario): TracedScenario | null {
  const { run, declaration } = placed;
  if (run === null) return null;
  const name = declaration.name.kind === "string" ? declaration.name.value : declaration.name.text;
  return { name, uri: view.uri, scenario: { ...placed, run }, steps: stepsOf(run), view };
}

/** The steps numbered `from` up to but not including `to`. */
export function stepLines(scenario: TracedScenario, from: number, to: number): StepLine[] {
  const lines: StepLine[] = [];
  for (let step = Math.max(1, from); step < Math.min(to, scenario.steps.count + 1); step++) {
    const { number, text, task, outcome, names, place } = stepOf(scenario, step);
    lines.push({ number, text, task, outcome, names, place });
  }
  return lines;
}

/** The state behind step `step`, which is brought between 0 and the number of steps. */
export function pictureOf(traced: TracedScenario, step: number): Picture {
  const { run } = traced.scenario;
  const number = Math.min(Math.max(0, Math.trunc(step)), traced.steps.count);
  const at = number === 0 ? (traced.steps.rowOf(1) ?? 0) : (traced.steps.rowOf(number) ?? 0) + 1;
  const before = number === 0 ? null : graphAt(run, at - 1);
  const now = graphAt(run, at);
  const states = brokenStates(run, at);
  const changed = before === null ? new Set<string>() : changedIds(before, now);
  const flagged = new Set(states.flatMap(({ named }) => [...named]));
  const place = placesOf(traced);
  const part = <T extends { id: string; ref: number; made: number }>({ ref, made, ...rest }: T) => ({
    ...rest,
    changed: changed.has(rest.id),
    broken: flagged.has(ref),
    place: place(ref, made),
  });
  const refs = new Map([...now.nodes, ...now.boxes].map(({ id, ref }) => [id, ref]));
  const edges = now.edges.map((edge) => ({
    ...edge,
    changed: changed.has(edge.id),
    broken: isBroken(edge, flagged, refs, now),
  }));
  // Where DMA must not go is part of what is wrong.
  const reached = new Set(edges.flatMap((edge) => (edge.kind === "dma" && edge.broken ? [edge.to] : [])));
  return summarised({
    scenario: traced.name,
    topology: run.world.machine.topology.name,
    proposal: run.world.system.proposal,
    steps: traced.steps.count,
    step: stepOf(traced, number),
    nodes: now.nodes.map((node) => ({ ...part(node), ...(reached.has(node.id) ? { broken: true } : {}) })),
    boxes: now.boxes.map(part),
    edges,
    devices: now.devices.map((device) => ({
      ...device,
      changed: before === null ? [] : changedFacts(before.devices, device),
      broken: now.nodes.some(
        (each) => each.kind === "device" && each.name === device.device && flagged.has(each.ref),
      ),
    })),
    broken: states.map((state) => brokenRule(traced, state)),
    changes: before === null ? [] : changesBetween(before, now),
  });
}

function graphAt(run: Run, at: number): Graph {
  moveTo(run, at);
  return graphOf(run);
}

/**
 * Edges are what rules are about: access to, DMA and owners of what the broken rule names. DMA counts only when it
 * leaves the contexts, or when its target is named as well.
 */
function isBroken(
  { kind, from, to }: Graph["edges"][number],
  flagged: ReadonlySet<number>,
  refs: ReadonlyMap<string, number>,
  graph: Graph,
): boolean {
  const named = (id: string): boolean => flagged.has(refs.get(id) ?? Number.NaN);
  switch (kind) {
    case "access":
      return named(to);
    case "owner":
      return named(from) && named(to);
    case "dma": {
      const target = graph.nodes.find(({ id }) => id === to);
      return named(from) && (named(to) || (target?.kind === "target" && target.name === "host"));
    }
    case "holds":
    case "opened":
    case "in":
      return false;
    default:
      return kind satisfies never;
  }
}

function stepOf({ scenario, steps, uri }: TracedScenario, number: number): PictureStep {
  const { run, item, start } = scenario;
  const index = steps.rowOf(number);
  const result = index === undefined ? undefined : run.results.at(index);
  const node = result?.row.node ?? null;
  if (index === undefined || result === undefined || node === null) {
    const boot = { number: 0, text: "", task: "", outcome: "boot", names: [], message: "" } as const;
    return { ...boot, findings: [], place: null };
  }
  const { outcome, findings, context } = result;
  const at = start + rowStart(item, index);
  const told = new Set([outcome.message]);
  return {
    number,
    text: printStep(node).replace(/\s+/g, " ").trim(),
    task: run.world.machine.tasks[context.task] ?? "?",
    outcome: outcome.kind,
    names: outcome.names,
    message: outcome.message,
    findings: findings
      .filter(({ message, label = message }) => !told.has(message) && !told.has(label))
      .map(({ severity, message }) => ({ severity, message })),
    place: { uri, start: at + node.start, end: at + node.end },
  };
}

function brokenRule(traced: TracedScenario, state: BrokenState): BrokenRule {
  const { rule, code, message, since, causes } = state;
  return {
    ...{ rule: rule.name, code, message, why: rule.why },
    since: since === -1 ? 0 : traced.steps.upTo(since),
    causes: causes
      .map(({ step, message: cause }) => {
        const row = rowWithId(traced.scenario.run, step - 1);
        return {
          step: row === -1 ? 0 : traced.steps.upTo(row),
          message: cause,
          place: rowPlace(traced, step),
        };
      })
      .toSorted((a, b) => a.step - b.step),
  };
}

/** The row that made or wrote something, by its step in the world (see engine/findings.ts). */
function rowPlace({ scenario, uri }: TracedScenario, step: number): Place | null {
  const { run, item, start } = scenario;
  const index = rowWithId(run, step - 1);
  const node = run.results.at(index)?.row.node ?? null;
  if (node === null) return null;
  const at = start + rowStart(item, index);
  return { uri, start: at + node.start, end: at + node.end };
}

/** Where things come from: hardware from the topology, tasks from the row that names them, the rest from its step. */
function placesOf(traced: TracedScenario): (ref: number, made: number) => Place | null {
  const { view, scenario } = traced;
  const { run } = scenario;
  const topology = view.visible.topologies.get(run.world.machine.topology.name);
  const nodes = topology === undefined ? [] : layOut(topology.declaration, topology.origin).nodes;
  return (ref, made) => {
    if (made !== 0) return rowPlace(traced, made);
    if (ref < 0 || topology === undefined) return null;
    if (kindOf(ref) === HARDWARE.task) return taskPlace(traced, run.world.machine.tasks[indexOf(ref)] ?? "");
    const name = nodes[kindOf(ref)]?.[indexOf(ref)];
    if (name === undefined) return null;
    const { uri, item } = topology.origin;
    return view.work.places.site({ uri, item, start: name.start, end: name.end });
  };
}

function taskPlace({ scenario, uri }: TracedScenario, name: string): Place | null {
  const { run, item, start, declaration } = scenario;
  const index = rowOfTask(run, name);
  const node = run.results.at(index)?.row.node;
  if (node?.kind !== "task") {
    return { uri, start: start + declaration.name.start, end: start + declaration.name.end };
  }
  const at = start + rowStart(item, index);
  return { uri, start: at + node.name.start, end: at + node.name.end };
}
