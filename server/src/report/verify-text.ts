// Verdicts as text, for terminals and mails: for each topology a table of the claims, what was covered, and the shortest
// sequences as scenarios that can be copied, each with what it breaks and why.

import { number, oneLine, wrap } from "../base/columns.ts";
import { linesOf, positionAt } from "../base/lines.ts";
import { type Counterexample, SCENARIO } from "../features/verify/counterexample.ts";
import type { Verified, VerifiedClaim } from "../features/verify/verified.ts";
import type { Piece, Style } from "./paint.ts";
import type { Sources } from "./sources.ts";
import { findingText, plural, type TextOptions } from "./text.ts";

export interface VerifyTextOptions extends TextOptions {
  /** The sequences of claims that hold as well. */
  readonly all: boolean;
}

type Label = "holds" | "FAILS" | "not established";

const labels: Readonly<Record<VerifiedClaim["verdict"], { readonly label: Label; readonly style: Style }>> = {
  holds: { label: "holds", style: "hint" },
  fails: { label: "FAILS", style: "error" },
  "not-established": { label: "not established", style: "warning" },
};

export function verifyText(verified: Verified, sources: Sources, options: VerifyTextOptions): string {
  const { paint, width } = options;
  const lines = sources(verified.uri);
  const line = lines === null ? "" : `:${positionAt(lines, verified.start).line}`;
  const head = `${oneLine(verified.proposal)} on ${oneLine(verified.topology)}`;
  const rows = [
    paint([
      { text: head, style: "bold" },
      { text: `  ${oneLine(verified.uri)}${line}`, style: "dim" },
    ]),
    "",
    ...verified.claims.flatMap((claim) => claimRows(claim, options)),
    "",
    ...factRows("covered", coveredText(verified), options),
    ...factRows("never succeeded", verified.neverSucceeded.join(", "), options),
    ...factRows("told apart, as their order decides something", verified.toldApart.join(", "), options),
    ...factRows("within", `${verified.bounds.join("; ")}`, options),
  ];
  const shown = verified.claims.filter(({ verdict }) => options.all || verdict === "fails");
  const sequences = shown.flatMap(({ scenario }) =>
    scenario === null ? [] : ["", ...sequenceRows(scenario, { ...options, width })],
  );
  return [...rows, ...sequences].join("\n");
}

/** `12 claims: 10 hold, 1 fails, 1 is not established`. */
export function verifySummary(
  counts: Readonly<Record<VerifiedClaim["verdict"], number>>,
  options: TextOptions,
): string {
  const parts: Piece[][] = [];
  const add = (count: number, text: string, style: Style): void => {
    if (count > 0) parts.push([{ text: `${count} ${text}`, style }]);
  };
  add(counts.holds, counts.holds === 1 ? "holds" : "hold", "hint");
  add(counts.fails, counts.fails === 1 ? "fails" : "fail", "error");
  const open = counts["not-established"];
  add(open, `${open === 1 ? "is" : "are"} not established`, "warning");
  const total = counts.holds + counts.fails + open;
  const listed = parts.flatMap((part, i) =>
    i === 0 ? part : [{ text: ", ", style: "plain" } as const, ...part],
  );
  return options.paint([{ text: `${plural(total, "claim")}: `, style: "plain" }, ...listed]);
}

/** What was looked at, and whether that is all. */
function coveredText({ states, orbits, transitions, depth, ended }: Verified): string {
  const all =
    orbits === null
      ? `${number(states)} states`
      : `${number(states)} states, which stand for ${number(orbits)}`;
  const how = `${number(transitions)} calls succeeded there, the farthest state is ${plural(depth, "call")} away`;
  switch (ended) {
    case "exhausted":
      return `all ${all}; ${how}`;
    case "found":
      return `${all}, until everything asked for was found; ${how}`;
    default:
      return `${all}, not all there are; ${how}`;
  }
}

function claimRows(claim: VerifiedClaim, { paint, width }: TextOptions): string[] {
  const { label, style } = labels[claim.verdict];
  const indent = 4;
  const [first = "", ...rest] = wrap(oneLine(claim.text), width - label.length - 4);
  const why = wrap(oneLine(claim.says), width - indent);
  return [
    paint([
      { text: `  ${label}`, style },
      { text: `  ${first}`, style: "bold" },
    ]),
    ...rest.map((text) => paint([{ text: " ".repeat(indent + label.length) + text, style: "bold" }])),
    ...why.map((text) => paint([{ text: " ".repeat(indent) + text, style: "plain" }])),
  ];
}

function factRows(name: string, text: string, { paint, width }: TextOptions): string[] {
  if (text === "") return [];
  const head = `  ${name}: `;
  return wrap(oneLine(text), width - 4, { first: head.length - 4 }).map((line, i) =>
    paint([
      { text: i === 0 ? head : "    ", style: "dim" },
      { text: line, style: "dim" },
    ]),
  );
}

function sequenceRows({ text, bare, finding }: Counterexample, options: TextOptions): string[] {
  const lines = linesOf(bare);
  const sources: Sources = (uri) => (uri === SCENARIO ? lines : null);
  const why = finding === null ? [] : ["", findingText(finding, sources, options)];
  return [...text.split("\n"), ...why];
}
