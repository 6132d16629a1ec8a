// `fails EBUSY`, `violates RULE`, `ok`: what a step came to, compared with what its author expected.

import { errnos } from "../semantics/errnos.ts";
import { suggestion } from "../semantics/types.ts";
import type { CallStep, Outcome as Expected } from "../syntax/ast.ts";
import type { Outcome, StepFinding } from "./outcome.ts";
import { kebab } from "./outcome.ts";
import type { World } from "./world.ts";

/** The findings of a step: none when an expectation is met, the explanation when nothing was expected. */
export function judge(
  world: World,
  row: number,
  node: CallStep,
  outcome: Outcome,
  explained: readonly StepFinding[],
): readonly StepFinding[] {
  if (node.expected.length === 0) return explained;
  const wrong = node.expected.flatMap((expected) => checkNames(world, row, expected));
  if (outcome.kind === "unknown") return [...explained, ...wrong];
  const mild = explained.every(({ severity }) => severity === "info");
  const met = node.expected.some((expected) => isMet(expected, outcome, mild));
  if (!met) return [unmet(row, node.expected, outcome, explained), ...wrong];
  // Rules that broke besides the expected ones still count.
  const expectedRules = node.expected.flatMap(({ outcome: kind, name }) =>
    kind === "violates" && name !== null ? [kebab(name.text)] : [],
  );
  const others =
    outcome.kind === "violation" ? explained.filter(({ code }) => !expectedRules.includes(code)) : [];
  return [...others, ...wrong];
}

/** `mild`: only what is worth knowing was reported, which is still ok. */
function isMet(expected: Expected, outcome: Outcome, mild: boolean): boolean {
  switch (expected.outcome) {
    case "ok":
      return outcome.kind === "ok" || (outcome.kind === "violation" && mild);
    case "fails":
      return (
        outcome.kind === "errno" && (expected.name === null || outcome.names.includes(expected.name.text))
      );
    case "violates":
      return (
        outcome.kind === "violation" &&
        outcome.names.some((name) => kebab(name) === kebab(expected.name?.text ?? ""))
      );
    default:
      return expected.outcome satisfies never;
  }
}

function unmet(
  row: number,
  expected: readonly Expected[],
  outcome: Outcome,
  explained: readonly StepFinding[],
): StepFinding {
  const first = expected[0];
  const last = expected[expected.length - 1];
  const why = explained[0];
  return {
    code: "expectation",
    severity: "error",
    place: { row, start: first?.start ?? 0, end: last?.end ?? 0 },
    message: `expected ${expected.map(describeExpected).join(" or ")}, but ${describeOutcome(outcome)}`,
    related: why?.related ?? [],
    help: [`if this is right, write \`${suggested(outcome)}\``, ...(why?.help ?? [])],
    notes: why?.notes ?? [],
  };
}

function describeExpected({ outcome, name }: Expected): string {
  switch (outcome) {
    case "ok":
      return "success";
    case "fails":
      return name === null ? "a refusal" : name.text;
    case "violates":
      return `${name?.text ?? "a rule"} to break`;
    default:
      return outcome satisfies never;
  }
}

function describeOutcome({ kind, names, message }: Outcome): string {
  switch (kind) {
    case "ok":
      return "the call succeeds and no rule breaks";
    case "errno":
      return `the call fails with ${names[0] ?? "an errno"}: ${message}`;
    case "violation":
      return `the call succeeds and ${names.join(" and ")} ${names.length === 1 ? "breaks" : "break"}: ${message}`;
    case "unknown":
      return "the outcome is unknown";
    default:
      return kind satisfies never;
  }
}

const suggested = ({ kind, names }: Outcome): string =>
  kind === "errno" ? `fails ${names[0] ?? ""}` : kind === "violation" ? `violates ${names[0] ?? ""}` : "ok";

function checkNames(world: World, row: number, expected: Expected): StepFinding[] {
  const { name } = expected;
  if (name === null) return [];
  const finding = (
    code: string,
    severity: "error" | "warning",
    message: string,
    help: string[],
  ): StepFinding[] => [
    {
      code,
      severity,
      place: { row, start: name.start, end: name.end },
      message,
      related: [],
      help,
      notes: [],
    },
  ];
  if (expected.outcome === "fails" && !errnos.has(name.text)) {
    return finding(
      "unknown-errno",
      "warning",
      `Linux has no errno \`${name.text}\``,
      suggestion(name.text, errnos),
    );
  }
  if (expected.outcome !== "violates") return [];
  const rules = [...world.system.rules.map((rule) => rule.name), ...world.system.hazards.keys(), "lifetime"];
  if (rules.some((rule) => kebab(rule) === kebab(name.text))) return [];
  return finding(
    "unknown-rule",
    "error",
    `${world.system.proposal} has no rule \`${name.text}\``,
    suggestion(name.text, rules),
  );
}
