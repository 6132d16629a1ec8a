// What is wrong with the topologies of a file.

import { renderTemplate } from "../engine/render.ts";
import { createWorld } from "../engine/world.ts";
import { brokenBindings } from "../model/rules.ts";
import { environmentOf } from "../model/same-code.ts";
import type { System } from "../model/system.ts";
import { indexOf, kindOf } from "../model/values.ts";
import { type Origin, type Problem, siteOf } from "../semantics/context.ts";
import type { declarationsOf, Visible } from "../semantics/link.ts";
import { shippedProposal } from "../semantics/link.ts";
import { type Layout, layOut, type Resolved, resolveTopology } from "../semantics/topology.ts";
import { suggestion } from "../semantics/types.ts";
import type { TopologyDeclaration } from "../syntax/ast.ts";
import type { Work } from "./session.ts";

interface Found {
  readonly item: number;
  /** Of the proposals in sight. */
  readonly environments: readonly object[];
  readonly problems: readonly Problem[];
}

/** What was found out about a topology holds while it and all proposals in sight are the same, but for their calls. */
const found = new WeakMap<TopologyDeclaration, Found>();

const isSameList = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((each, i) => each === b[i]);

/** An attribute is unknown when no proposal in sight has a field for it. */
export function topologyFindings(
  work: Work,
  visible: Visible,
  declared: ReturnType<typeof declarationsOf>,
): Problem[] {
  const nodes = declared.flatMap(({ declaration, origin }) =>
    declaration.kind === "topology" ? [{ declaration, origin }] : [],
  );
  if (nodes.length === 0) return [];
  const core = shippedProposal(work.texts, "core");
  // Every proposal has what core has.
  const links = visible.proposals.size > 0 || core === undefined ? [...visible.proposals.values()] : [core];
  const systems = links.map((link) => work.proposals.compiled(work.texts, link).system);
  const environments = systems.map(environmentOf);
  return nodes.flatMap(({ declaration, origin }) => {
    const known = found.get(declaration);
    if (known?.item === origin.item && isSameList(known.environments, environments)) return known.problems;
    const problems = findingsOf(declaration, origin, systems);
    found.set(declaration, { item: origin.item, environments, problems });
    return problems;
  });
}

function findingsOf(
  declaration: TopologyDeclaration,
  origin: Origin,
  systems: readonly System[],
): readonly Problem[] {
  const layout = layOut(declaration, origin);
  const resolved = systems.map((system) => resolveTopology(system, declaration, origin, layout));
  const [first, ...rest] = resolved;
  const unknown = (first?.unknown ?? []).filter((attribute) =>
    rest.every((other) => other.unknown.includes(attribute)),
  );
  const fields = new Set(
    systems.flatMap((system) =>
      system.fields.filter(({ kind, birth }) => kind < 5 && !birth).map(({ name }) => name),
    ),
  );
  const seen = new Set<string>();
  const typed = resolved
    .flatMap(({ problems }) => problems)
    .filter(({ site, message }) => {
      const key = `${site.start} ${message}`;
      return !seen.has(key) && seen.add(key) !== undefined;
    });
  const impossible =
    typed.length > 0 || layout.problems.length > 0
      ? []
      : bootProblems(systems, resolved, layout, origin, declaration);
  return [
    ...layout.problems,
    ...typed,
    ...impossible,
    ...unknown.map(
      (attribute): Problem => ({
        code: "unknown-attribute",
        severity: "warning",
        site: siteOf(origin, attribute.name),
        message: `no proposal in use has a fact or state \`${attribute.name.text}\``,
        help: suggestion(
          attribute.name.text,
          [...fields].filter((name) => !name.startsWith("(")),
        ),
      }),
    ),
  ];
}

/** A rule that does not hold at boot: no kernel could have such a machine. */
function bootProblems(
  systems: readonly System[],
  resolved: readonly Resolved[],
  layout: Layout,
  origin: Origin,
  declaration: TopologyDeclaration,
): Problem[] {
  const problems = new Map<string, Problem>();
  systems.forEach((system, i) => {
    const topology = resolved[i]?.topology;
    if (topology === undefined || (system.abstract && system.proposal !== "core")) return;
    const world = createWorld(system, topology, ["main"]);
    for (const rule of system.rules) {
      if (rule.severity === "off") continue;
      for (const { bindings, check, locals } of brokenBindings(world.machine, rule)) {
        const [first = -1] = bindings;
        const name = first < 0 ? undefined : layout.nodes[kindOf(first)]?.[indexOf(first)];
        const message =
          check.message === null
            ? `the rule ${rule.name} is broken`
            : renderTemplate(world, check.message, [...locals]);
        const site = siteOf(origin, name ?? declaration.name);
        problems.set(`${site.start} ${message}`, {
          code: "bad-topology",
          site,
          message,
          notes: [`rule: ${rule.proposal}.${rule.name}: ${rule.why}`],
        });
      }
    }
  });
  return [...problems.values()];
}
