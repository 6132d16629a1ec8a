// A verify block as problems for the explorer: one for each topology, with all its claims; and what is wrong with it.

import { number } from "../base/columns.ts";
import { boundsOf, taskNames } from "../explore/bounds.ts";
import { type Choice, countOfCalls, groundCalls } from "../explore/calls.ts";
import type { Problem as Exploration, Goal } from "../explore/problem.ts";
import { slicedFor } from "../explore/slice.ts";
import type { System } from "../model/system.ts";
import { type Origin, type Problem, siteOf } from "../semantics/context.ts";
import { type Declared, neighbour, type PlacedTopology, type Visible } from "../semantics/link.ts";
import type { Link } from "../semantics/members.ts";
import { layOut, resolveTopology } from "../semantics/topology.ts";
import { suggestion } from "../semantics/types.ts";
import type { Name, VerifyDeclaration } from "../syntax/ast.ts";
import type { Work } from "./session.ts";
import { readBounds, type SaidBounds } from "./verify-bounds.ts";
import { goalsByName, type NamedGoal, type ReadClaim, readClaim } from "./verify-claims.ts";

/** A claim, with its goals as indexes into those of the problem. */
export interface PosedClaim extends Omit<ReadClaim, "goals"> {
  readonly goals: readonly number[];
}

/** The claims of a block on one topology. */
export interface Posed {
  readonly topology: Name;
  /** Made when somebody asks. */
  readonly problem: Exploration;
  readonly claims: readonly PosedClaim[];
  readonly choice: Choice;
}

/** Calls in every state: more would not be explored in any time. */
const MOST_CALLS = 100_000;

export interface PosedBlock {
  /** Empty when something is wrong that leaves nothing to decide. */
  readonly posed: readonly Posed[];
  readonly problems: readonly Problem[];
}

export interface Sources {
  readonly work: Work;
  readonly visible: Visible;
  readonly declared: readonly Declared[];
}

export interface PoseOptions {
  /** With fields that nothing which is asked depends on: for those who compare states. */
  readonly whole?: boolean;
}

/** Diagnostics ask, and then whoever decides: what is visible does not change. */
const posedIn = new WeakMap<Visible, WeakMap<VerifyDeclaration, PosedBlock>>();

export function posedBlock(
  sources: Sources,
  node: VerifyDeclaration,
  origin: Origin,
  { whole = false }: PoseOptions = {},
): PosedBlock {
  if (whole) return poseBlock(sources, node, origin, whole);
  const known = posedIn.get(sources.visible) ?? new WeakMap<VerifyDeclaration, PosedBlock>();
  posedIn.set(sources.visible, known);
  const block = known.get(node) ?? poseBlock(sources, node, origin, whole);
  known.set(node, block);
  return block;
}

function poseBlock(
  { work, visible, declared }: Sources,
  node: VerifyDeclaration,
  origin: Origin,
  whole: boolean,
): PosedBlock {
  const problems: Problem[] = [];
  const topologies = topologiesOf(visible, node, origin, problems);
  const link =
    visible.proposals.get(node.proposal.text) ?? neighbour(work.texts, origin.uri, node.proposal.text);
  if (link === undefined) {
    problems.push({
      code: "unknown-proposal",
      site: siteOf(origin, node.proposal),
      message: `no proposal is called \`${node.proposal.text}\``,
      help: suggestion(node.proposal.text, visible.proposals.keys()),
    });
    return { posed: [], problems };
  }
  const system = soundSystem(work, link, node, origin, problems);
  if (system === null) return { posed: [], problems };
  const { bounds, problems: bad } = readBounds(system, node, origin);
  problems.push(...bad);
  // Within bounds that are not clear nothing is claimed.
  if (bad.length > 0) return { posed: [], problems };
  if (!node.body.some(({ kind }) => kind === "claim")) {
    const message = "nothing is claimed here";
    const help = ["for example `safe`, `breaks secure_context`, `never accessible(nic0)`"];
    problems.push({ code: "bad-claim", site: siteOf(origin, node.proposal), message, help });
  }
  const named = goalsByName(declared);
  const posed = topologies.flatMap(({ name, placed }) => {
    const layout = layOut(placed.declaration, placed.origin);
    const resolved = resolveTopology(system, placed.declaration, placed.origin, layout);
    const wrong = [...layout.problems, ...resolved.problems][0];
    if (wrong !== undefined) {
      problems.push({
        code: "not-established",
        site: siteOf(origin, name),
        message: `not decided: the topology \`${name.text}\` has errors`,
        severity: placed.origin.uri === origin.uri ? "info" : "error",
        related: [{ site: wrong.site, message: wrong.message }],
      });
      return [];
    }
    const asked = { node, origin, name, named, said: bounds, topology: resolved.topology, whole };
    const posed = pose(system, asked, problems);
    return posed === null ? [] : [posed];
  });
  return { posed, problems: distinct(problems) };
}

interface Asked {
  readonly node: VerifyDeclaration;
  readonly origin: Origin;
  readonly name: Name;
  readonly named: ReadonlyMap<string, NamedGoal>;
  readonly said: SaidBounds;
  readonly whole: boolean;
  readonly topology: ReturnType<typeof resolveTopology>["topology"];
}

function pose(system: System, asked: Asked, problems: Problem[]): Posed | null {
  const { topology, said, node, origin, named, name } = asked;
  const context = { system, topology, tasks: taskNames(topology, said.tasks), named, problems };
  const goals: Goal[] = [];
  const claims = node.body.flatMap((item): PosedClaim[] => {
    const read = item.kind === "claim" ? readClaim(context, item, origin) : null;
    if (read === null) return [];
    const first = goals.length;
    goals.push(...read.goals);
    return [{ ...read, goals: read.goals.map((_, i) => first + i) }];
  });
  if (claims.length === 0) return null;
  const sliced = asked.whole ? system : slicedFor(system, goals);
  const bounds = boundsOf(sliced, topology, goals, said);
  const choice: Choice = { goals, also: said.also, without: said.without };
  const count = countOfCalls(sliced, topology, bounds, choice);
  if (count > MOST_CALLS) {
    problems.push({
      code: "not-established",
      site: siteOf(origin, name),
      severity: "info",
      message: `\`${name.text}\` is too large within these bounds: ${number(count)} calls would be tried in every state`,
      help: ["`tasks N`, `limit KIND N` and `limit CALL 0` make it smaller, and so does a smaller topology"],
    });
    return null;
  }
  let problem: Exploration | null = null;
  return {
    topology: name,
    get problem() {
      problem ??= {
        ...{ system: sliced, topology, bounds, goals },
        calls: groundCalls(sliced, topology, bounds, choice),
      };
      return problem;
    },
    claims,
    choice,
  };
}

function topologiesOf(
  visible: Visible,
  node: VerifyDeclaration,
  origin: Origin,
  problems: Problem[],
): readonly { readonly name: Name; readonly placed: PlacedTopology }[] {
  const seen = new Map<string, Name>();
  return node.topologies.flatMap((name) => {
    const placed = visible.topologies.get(name.text);
    const first = seen.get(name.text);
    seen.set(name.text, first ?? name);
    if (first !== undefined) {
      problems.push({
        code: "duplicate-name",
        site: siteOf(origin, name),
        message: `topology \`${name.text}\` is named twice`,
        related: [{ site: siteOf(origin, first), message: "first named here" }],
      });
      return [];
    }
    if (placed !== undefined) return [{ name, placed }];
    problems.push({
      code: "unknown-topology",
      site: siteOf(origin, name),
      message: `no topology is called \`${name.text}\``,
      help: suggestion(name.text, visible.topologies.keys()),
    });
    return [];
  });
}

/** Nothing is concluded from a proposal that has errors, or is only a base. */
function soundSystem(
  work: Work,
  link: Link,
  node: VerifyDeclaration,
  origin: Origin,
  problems: Problem[],
): System | null {
  const { system, sound, problems: wrong } = work.proposals.compiled(work.texts, link);
  const name = node.proposal.text;
  const site = siteOf(origin, node.proposal);
  if (!sound) {
    problems.push({
      code: "not-established",
      site,
      message: `not decided: the proposal \`${name}\` has errors`,
      severity: link.origin.uri === origin.uri ? "info" : "error",
      related: wrong.slice(0, 1).map((each) => ({ site: each.site, message: each.message })),
    });
    return null;
  }
  if (system.abstract) {
    const message = `\`${name}\` is abstract: a base for proposals, whose calls mean nothing yet`;
    problems.push({ code: "no-proposal", site, message });
    return null;
  }
  return system;
}

/** What is wrong with a condition is so on every topology. */
function distinct(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ code, site, message }) => {
    const key = `${code} ${site.item} ${site.start} ${site.end} ${message}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
