// Refusals and broken rules as findings, with the steps that led to them.

import { ABSENT, blame, type Read } from "../model/explain.ts";
import type { Site } from "../model/ir.ts";
import { BOOT, type HazardMet, writerOf } from "../model/machine.ts";
import type { Broken } from "../model/rules.ts";
import type { Severity } from "../model/system.ts";
import { indexOf, kindOf, reference } from "../model/values.ts";
import type { Span } from "../syntax/ast.ts";
import { kebab, type RowPlace, type StepFinding, wholeRow } from "./outcome.ts";
import { describeWrite, nameOf, renderTemplate } from "./render.ts";
import type { World } from "./world.ts";

/** A step of the script (its number, see runs.ts) and what it did. */
export interface Cause {
  readonly step: number;
  readonly message: string;
}

/** Rows are numbered from 0, steps from 1: step 0 is boot. */
export const stepOfRow = (row: number): number => row + 1;
const rowOfStep = (step: number): number => step - 1;

const MOST_CAUSES = 3;

/** The steps that wrote these cells: the most telling few, one message a step. */
export function causesOf(world: World, reads: readonly Read[]): Cause[] {
  const { machine } = world;
  const byStep = new Map<number, string>();
  for (const { field, index, value } of reads) {
    const step = index === ABSENT ? BOOT : writerOf(machine, field, index);
    if (step === BOOT || step === machine.step || byStep.has(step) || byStep.size === MOST_CAUSES) continue;
    byStep.set(step, describeWrite(world, field, index, value));
  }
  return [...byStep].map(([step, message]) => ({ step, message }));
}

export const relatedTo = (causes: readonly Cause[]): StepFinding["related"] =>
  causes.map(({ step, message }) => ({ place: wholeRow(rowOfStep(step)), message }));

export interface RefusalOf {
  readonly place: RowPlace;
  readonly name: string;
  readonly errno: string;
  readonly message: string;
  readonly causes: readonly Cause[];
  readonly help: readonly string[];
  readonly site: Site | null;
}

export function refusalFinding({ place, name, errno, message, causes, help, site }: RefusalOf): StepFinding {
  return {
    code: "errno",
    severity: "error",
    place,
    message: `${name} fails with ${errno}: ${message}`,
    label: message,
    related: relatedTo(causes),
    help,
    notes: site === null ? [] : [{ text: "required by: {}", site }],
  };
}

/** What a call reported about itself while it succeeded: `require … else warning NAME "…"`. */
export function hazardFinding(
  world: World,
  row: number,
  span: Span,
  { check, locals, body }: HazardMet,
): StepFinding {
  const name = check.hazard ?? "";
  const declared = world.system.hazards.get(name);
  const reads = blame(world.machine, check.condition, [...locals], body);
  return {
    code: kebab(name),
    severity: shownSeverity(declared?.severity ?? "warning"),
    place: { row, start: span.start, end: span.end },
    message: check.message === null ? name : renderTemplate(world, check.message, [...locals]),
    related: relatedTo(causesOf(world, reads)),
    help: [],
    notes: [
      { text: "reported by: {}", site: check.site },
      ...(declared === undefined || declared.why === ""
        ? []
        : [`${declared.proposal}.${name}: ${declared.why}`]),
    ],
  };
}

/** What this step itself did to break a rule: `dev1 has no ioasid since here`. */
function label(world: World, reads: readonly Read[]): { label?: string } {
  const { machine } = world;
  const own = reads.find(
    ({ field, index }) => index !== ABSENT && writerOf(machine, field, index) === machine.step,
  );
  return own === undefined ? {} : { label: describeWrite(world, own.field, own.index, own.value) };
}

/** What is off and was asked for counts as a warning. */
const shownSeverity = (severity: Severity): "error" | "warning" | "info" =>
  severity === "off" ? "warning" : severity;

/** One finding for one rule, whatever the number of bindings for which it just broke. */
export function violationFinding(
  world: World,
  row: number,
  span: Span,
  first: Broken,
  rest: readonly Broken[],
): StepFinding {
  const { rule, check, locals } = first;
  const reads = [first, ...rest].flatMap((each) =>
    blame(world.machine, each.check.condition, [...each.locals], rule.body),
  );
  const others = rest.map(({ bindings }) => bindings.map((ref) => nameOf(world, ref)).join(", "));
  const message =
    check.message === null ? `the rule ${rule.name} is broken` : renderTemplate(world, check.message, locals);
  return {
    code: kebab(rule.name),
    severity: shownSeverity(rule.severity),
    place: { row, start: span.start, end: span.end },
    message,
    related: relatedTo(causesOf(world, reads)),
    ...label(world, reads),
    help: [],
    notes: [
      ...(others.length === 0 ? [] : [`the same holds for ${others.join(", ")}`]),
      {
        text: `rule: ${rule.proposal}.${rule.name} ({})${rule.why === "" ? "" : `: ${rule.why}`}`,
        site: rule.site,
      },
    ],
  };
}

/** The step that made what the running call has ended. */
function bornBefore({ machine }: World, dead: number): number | undefined {
  const alive = machine.system.kinds[kindOf(dead)]?.alive;
  const { journal } = machine;
  for (let i = journal.length - 4; i >= 0; i -= 4) {
    if (journal[i] === alive && journal[i + 1] === indexOf(dead)) return journal[i + 3];
  }
  return undefined;
}

/** Something died while strong fields still referred to it. */
export function danglingFinding(world: World, row: number, node: Span): StepFinding {
  const { dangling, system } = world.machine;
  const fields: { readonly name: string; readonly dead: string; readonly step: number }[] = [];
  for (let i = 0; i < dangling.length; i += 4) {
    const [field = 0, index = 0, dead = 0, step = 0] = dangling.slice(i, i + 4);
    const declared = system.fields[field];
    const name = `${nameOf(world, reference(declared?.kind ?? 0, index))}.${declared?.name ?? "?"}`;
    fields.push({ name, dead: nameOf(world, dead, bornBefore(world, dead)), step });
  }
  const dead = [...new Set(fields.map((field) => field.dead))].join(" and ");
  const causes = fields
    .filter(({ step }) => step !== 0)
    .map(({ step, name, dead: of }) => ({ step, message: `${name} refers to ${of} since here` }));
  return {
    code: "lifetime",
    severity: "error",
    place: { row, start: node.start, end: node.end },
    message: `${dead} is gone, but ${fields.map(({ name }) => name).join(" and ")} still referred to it`,
    related: relatedTo(causes),
    help: [
      "the proposal lets it die while it is in use: refuse with `require not referenced(x)`, or let a file hold a reference",
    ],
    notes: ["rule: core.lifetime"],
  };
}

/** A call whose `on` blocks make and end things without end. */
export function runawayFinding(row: number, node: Span): StepFinding {
  return {
    code: "not-established",
    severity: "error",
    place: { row, start: node.start, end: node.end },
    message: "this call was stopped: the `on` blocks of what it ends make and end things without end",
    related: [],
    help: ["an `on release` or `on destroy` block should only take things away"],
    notes: [],
  };
}
