// What a claim came to, in full: the verdict, what was looked at, and the shortest sequence.

import { number } from "../../base/columns.ts";
import type { Claim } from "../../syntax/ast.ts";
import type { Hover } from "../hover.ts";
import { type Block, code, listOf, strong, text, uapi } from "../markup.ts";
import type { BlockPart, KnownBlock } from "./blocks.ts";
import { isSame } from "./lens.ts";

/** On a claim of one of these blocks; null anywhere else. */
export function claimHover(blocks: readonly KnownBlock[], offset: number): Hover | null {
  for (const { node, start, parts } of blocks) {
    for (const item of node.body) {
      if (item.kind !== "claim") continue;
      const place = { start: start + item.start, end: start + item.end };
      if (offset < place.start || offset > place.end) continue;
      const markup = (parts ?? []).flatMap((part) => partMarkup(part, item));
      return markup.length === 0 ? null : { ...place, markup };
    }
  }
  return null;
}

function partMarkup({ posed, state }: BlockPart, claim: Claim): Block[] {
  const on = code(posed.topology.text);
  switch (state.is) {
    case "waiting":
      return [text("to be explored on ", on)];
    case "running": {
      const { states, depth } = state.progress;
      return [
        text("being explored on ", on, `: ${number(states)} states so far, sequences of ${depth} calls`),
      ];
    }
    case "failed":
      return [text(strong("not established"), " on ", on, `: ${state.why}`)];
    case "decided": {
      const at = state.decisions.findIndex((decision) => isSame(decision.claim.node, claim));
      const told = state.verified.claims[at];
      if (told === undefined) return [];
      const { states, orbits, depth, ended, bounds, neverSucceeded, toldApart } = state.verified;
      const verdict = told.verdict === "not-established" ? "not established" : told.verdict;
      const all =
        orbits === null
          ? `${number(states)} states`
          : `${number(states)} states, which stand for ${number(orbits)}`;
      const looked = ended === "exhausted" ? `all ${all} were looked at` : `${all} were looked at`;
      const steps = told.scenario?.calls.map((each) => each.text) ?? [];
      const why = told.scenario?.finding ?? null;
      return [
        text(strong(verdict), " on ", on, `: ${told.says}`),
        ...(steps.length === 0 ? [] : [uapi(steps.join("\n"))]),
        ...(why === null ? [] : [text(why.message)]),
        ...(neverSucceeded.length === 0 ? [] : [text(`never succeeded: ${neverSucceeded.join(", ")}`)]),
        ...(toldApart.length === 0
          ? []
          : [text(`told apart, as their order decides something: ${toldApart.join(", ")}`)]),
        text(`${looked}; the farthest is ${depth} ${depth === 1 ? "call" : "calls"} away. Within:`),
        ...listOf(bounds.map((bound) => [bound])),
      ];
    }
    default:
      return state satisfies never;
  }
}
