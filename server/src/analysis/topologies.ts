// What is wrong with the topologies of a file.

import { type Problem, siteOf } from "../semantics/context.ts";
import type { declarationsOf, Visible } from "../semantics/link.ts";
import { shippedProposal } from "../semantics/link.ts";
import { layOut, resolveTopology } from "../semantics/topology.ts";
import { suggestion } from "../semantics/types.ts";
import type { Work } from "./session.ts";

/** An attribute is unknown when no proposal in sight has a field for it. */
export function topologyFindings(work: Work, visible: Visible, declared: ReturnType<typeof declarationsOf>): Problem[] {
  const nodes = declared.flatMap(({ declaration, origin }) => (declaration.kind === "topology" ? [{ declaration, origin }] : []));
  if (nodes.length === 0) return [];
  const core = shippedProposal(work.library, "core");
  // Every proposal has what core has.
  const links = visible.proposals.size > 0 || core === undefined ? [...visible.proposals.values()] : [core];
  const systems = links.map((link) => work.proposals.compiled(work.library, link).system);
  return nodes.flatMap(({ declaration, origin }) => {
    const layout = layOut(declaration, origin);
    const resolved = systems.map((system) => resolveTopology(system, declaration, origin, layout));
    const [first, ...rest] = resolved;
    const unknown = (first?.unknown ?? []).filter((attribute) => rest.every((other) => other.unknown.includes(attribute)));
    const fields = new Set(systems.flatMap((system) => system.fields.filter(({ kind, birth }) => kind < 5 && !birth).map(({ name }) => name)));
    const seen = new Set<string>();
    const typed = resolved
      .flatMap(({ problems }) => problems)
      .filter(({ site, message }) => {
        const key = `${site.start} ${message}`;
        return !seen.has(key) && seen.add(key) !== undefined;
      });
    return [
      ...layout.problems,
      ...typed,
      ...unknown.map(
        (attribute): Problem => ({
          code: "unknown-attribute",
          severity: "warning",
          site: siteOf(origin, attribute.name),
          message: `no proposal in use has a fact or state \`${attribute.name.text}\``,
          help: suggestion(attribute.name.text, [...fields].filter((name) => !name.startsWith("("))),
        }),
      ),
    ];
  });
}
