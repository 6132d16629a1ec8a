// `verify` blocks: their names are checked. What they claim is not decided yet, and that is said.

import { type Problem, siteOf } from "../semantics/context.ts";
import type { declarationsOf, Visible } from "../semantics/link.ts";
import { neighbour } from "../semantics/link.ts";
import { suggestion } from "../semantics/types.ts";
import type { Work } from "./session.ts";

export function verifyFindings(
  work: Work,
  visible: Visible,
  declared: ReturnType<typeof declarationsOf>,
): Problem[] {
  return declared.flatMap(({ declaration, origin }): Problem[] => {
    if (declaration.kind !== "verify") return [];
    const problem = (
      span: { start: number; end: number },
      code: string,
      message: string,
      help: readonly string[],
    ): Problem => ({
      code,
      site: siteOf(origin, span),
      message,
      help,
    });
    const { proposal, topologies, body } = declaration;
    const link = visible.proposals.get(proposal.text) ?? neighbour(work.texts, origin.uri, proposal.text);
    if (link === undefined) {
      return [
        problem(
          proposal,
          "unknown-proposal",
          `no proposal is called \`${proposal.text}\``,
          suggestion(proposal.text, visible.proposals.keys()),
        ),
      ];
    }
    const unknown = topologies
      .filter(({ text }) => !visible.topologies.has(text))
      .map((name) =>
        problem(
          name,
          "unknown-topology",
          `no topology is called \`${name.text}\``,
          suggestion(name.text, visible.topologies.keys()),
        ),
      );
    const rules = work.proposals.compiled(work.texts, link).system.rules.map(({ name }) => name);
    const wrong = body.flatMap((item) =>
      item.kind === "claim" &&
      item.claim === "breaks" &&
      item.name?.kind === "name" &&
      !rules.includes(item.name.text)
        ? [
            problem(
              item.name,
              "unknown-rule",
              `${proposal.text} has no rule \`${item.name.text}\``,
              suggestion(item.name.text, rules),
            ),
          ]
        : [],
    );
    const undecided: Problem = {
      ...problem(
        proposal,
        "not-established",
        "these claims are not decided: exploring every sequence of calls is not built yet",
        [],
      ),
      severity: "info",
    };
    return [...unknown, ...wrong, undecided];
  });
}
