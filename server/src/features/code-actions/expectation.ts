// What a step came to, written behind it: where nothing was expected, and where something else was.

import type { Finding } from "../../base/finding.ts";
import type { Outcome } from "../../engine/outcome.ts";
import { runStep } from "../../engine/step.ts";
import { isGood } from "../repair/verify.ts";
import { leafAt, lookBefore, stepAt } from "../trial.ts";
import { type Action, type Ask, quickFix } from "./action.ts";

export function expectationActions({ view, findings }: Ask): readonly Action[] {
  const done = new Set<number>();
  return findings.flatMap((finding): Action[] => {
    const place = stepAt(view, finding.start);
    const leaf = place === null ? null : leafAt(place, finding.start);
    if (place === null || leaf?.node.kind !== "step" || place.row.node?.kind === "parallel") return [];
    const { node } = leaf;
    const at = place.start + node.start;
    if (done.has(at)) return [];
    done.add(at);
    // One character into the step: what stands in front of it has run.
    const outcome = lookBefore(place, at, (world) => runStep(world, place.row.id, node).outcome);
    const expected = expectationFor(outcome);
    if (expected === null) return [];
    const [first, last] = [node.expected[0], node.expected.at(-1)];
    if (first !== undefined && last !== undefined) {
      const edit = { start: place.start + first.start, end: place.start + last.end, text: expected };
      return offered(finding, edit, `change the expectation to \`${expected}\``);
    }
    if (outcome.kind === "ok") return [];
    const behind = node.value.end + (/^\s*;/.exec(place.row.text.slice(node.value.end))?.[0].length ?? 0);
    const edit = { start: place.start + behind, end: place.start + behind, text: `  ${expected}` };
    return offered(finding, edit, `expect \`${expected}\``);
  });

  function offered(
    finding: Finding,
    edit: { start: number; end: number; text: string },
    title: string,
  ): Action[] {
    return isGood(view, [edit], [finding]) ? [quickFix(title, [edit], [finding])] : [];
  }
}

export function expectationFor({ kind, names }: Outcome): string | null {
  switch (kind) {
    case "ok":
      return "ok";
    case "errno":
      return `fails ${names[0] ?? ""}`.trim();
    case "violation":
      return [...new Set(names)].map((name) => `violates ${name}`).join(" or ");
    case "unknown":
      return null;
    default:
      return kind satisfies never;
  }
}
