// One call of a script: run it, see what it broke, compare with what was expected.

import { call, open, type Result } from "../model/execute.ts";
import { blame } from "../model/explain.ts";
import type { Refusal } from "../model/machine.ts";
import { openTable } from "../model/paths.ts";
import { affectedRules, brokenBindings } from "../model/rules.ts";
import type { Operation, System } from "../model/system.ts";
import { NONE } from "../model/values.ts";
import { builtInNames } from "../semantics/calls.ts";
import { suggestion } from "../semantics/types.ts";
import type { AssertStep, Call, CallStep, Expression, Span } from "../syntax/ast.ts";
import { printExpression } from "../syntax/print.ts";
import { bind, type Mistake } from "./arguments.ts";
import { judge } from "./expectations.ts";
import {
  causesOf,
  danglingFinding,
  hazardFinding,
  refusalFinding,
  relatedTo,
  runawayFinding,
  violationFinding,
} from "./findings.ts";
import { doubt, isDoubtful, store, storeInStruct } from "./names.ts";
import type { Outcome, StepFinding } from "./outcome.ts";
import { kebab, OK, UNCERTAIN } from "./outcome.ts";
import { evaluateCondition, readExpression, UNKNOWN_HANDLE } from "./read.ts";
import { explain } from "./refusals.ts";
import { describeCell } from "./render.ts";
import { bindingsKey, type Handle, ruleKey, setSlot, thing, type World } from "./world.ts";

export interface Ran {
  readonly outcome: Outcome;
  readonly findings: readonly StepFinding[];
}

/** What a step gathers while it runs; the first refusal or the first broken rules decide its outcome. */
interface Progress {
  readonly world: World;
  readonly row: number;
  outcome: Outcome;
  /** The explanation of the outcome, shown only when nobody expected it. */
  explained: StepFinding[];
  readonly mistakes: StepFinding[];
  /** Rules that broke in a call which failed half-way. */
  readonly besides: StepFinding[];
  /** What the running call reported while it went on. */
  hazards: { readonly name: string; readonly finding: StepFinding }[];
}

/** Runs the step for `machine.caller` as step `machine.step`; leaves its writes in the journals. */
export function runStep(world: World, row: number, node: CallStep): Ran {
  const progress: Progress = {
    world,
    row,
    outcome: OK,
    explained: [],
    mistakes: [],
    besides: [],
    hazards: [],
  };
  const { target, value } = node;
  if (value.kind === "call") {
    const result = runCall(progress, value, target);
    // A new thing has its name already, so that what it broke can be told with it.
    if (target !== null && result.handle.is !== "thing")
      store(world, target, result.handle, (mistake) => complain(progress, mistake));
    const field = result.operation?.resultField ?? null;
    if (field !== null) storeInStruct(world, value, result.handle, field);
  } else if (target === null) {
    complain(progress, {
      code: "syntax",
      span: value,
      message: "expected a call, such as `close(dev)`, or a name for this value: `x = …`",
      help: [],
    });
  } else store(world, target, readValue(progress, value), (mistake) => complain(progress, mistake));
  if (progress.mistakes.length > 0) return { outcome: UNCERTAIN, findings: progress.mistakes };
  const findings = judge(world, row, node, progress.outcome, progress.explained);
  return {
    outcome: progress.outcome,
    findings: progress.besides.length === 0 ? findings : [...findings, ...progress.besides],
  };
}

/** `assert COND`: an error when it is false, with the steps that made it so. */
export function runAssert(world: World, row: number, node: AssertStep): Ran {
  const mistakes: StepFinding[] = [];
  const progress: Progress = { world, row, outcome: OK, explained: [], mistakes, besides: [], hazards: [] };
  const decided = evaluateCondition(world, node.condition, (mistake) => complain(progress, mistake));
  if (decided === null) return { outcome: UNCERTAIN, findings: mistakes };
  if (decided.holds) return { outcome: OK, findings: [] };
  const reads = blame(world.machine, decided.expr, decided.locals);
  const finding: StepFinding = {
    code: "assertion",
    severity: "error",
    place: { row, start: node.condition.start, end: node.condition.end },
    message: `this is false here: ${printExpression(node.condition)}`,
    label: "false here",
    related: relatedTo(causesOf(world, reads)),
    help: [],
    notes: reads
      .filter(({ field }) => world.system.fields[field]?.name.startsWith("(") === false)
      .slice(0, 4)
      .map((read) => describeCell(world, read.field, read.index, read.value)),
  };
  return { outcome: OK, findings: [finding] };
}

function complain(progress: Progress, { code, span, message, help }: Mistake): void {
  progress.mistakes.push({
    code,
    severity: "error",
    place: { row: progress.row, start: span.start, end: span.end },
    message,
    related: [],
    help,
    notes: [],
  });
}

/** The value of an argument or a plain assignment. */
function readValue(progress: Progress, node: Expression, wanted: Operation["result"] = null): Handle {
  if (node.kind === "struct") {
    const fields = new Map<string, Handle>();
    for (const field of node.fields)
      if (field.name !== null) fields.set(field.name.text, readValue(progress, field.value));
    return { is: "struct", fields };
  }
  if (node.kind === "call" && node.callee.text === "sizeof") return { is: "number", value: 0 };
  const { world } = progress;
  const isDefine =
    node.kind === "call" &&
    world.system.defineByName.has(node.callee.text) &&
    !world.system.operations.has(node.callee.text);
  if (node.kind === "call" && !isDefine && !builtInNames.includes(node.callee.text)) {
    return runCall(progress, node).handle;
  }
  return readExpression(world, node, wanted, (mistake) => complain(progress, mistake));
}

interface CallResult {
  readonly handle: Handle;
  readonly operation: Operation | null;
}

/** `target` takes the result of the outermost call. */
function runCall(progress: Progress, node: Call, target: CallStep["target"] = null): CallResult {
  const name = node.callee.text;
  if (name === "open" && !node.viaIoctl) return { handle: runOpen(progress, node, target), operation: null };
  const { world } = progress;
  const operation = world.system.operations.get(name);
  if (operation === undefined) {
    for (const arg of node.args) readValue(progress, arg.value);
    complain(progress, {
      code: "unknown-call",
      span: node.callee,
      message: `${world.system.proposal} has no call \`${name}\``,
      help: suggestion(name, callNames(world.system)),
    });
    return { handle: UNKNOWN_HANDLE, operation: null };
  }
  const bound = bind(world, operation, node, (arg, wanted) => readValue(progress, arg, wanted));
  const unsure = (handles: readonly Handle[]): CallResult => {
    for (const handle of handles) doubt(world, handle);
    if (progress.outcome === OK) progress.outcome = UNCERTAIN;
    return { handle: UNKNOWN_HANDLE, operation };
  };
  switch (bound.is) {
    case "mistaken":
      for (const mistake of bound.mistakes) complain(progress, mistake);
      return unsure(bound.handles);
    case "unknown":
      return unsure(bound.handles);
    case "refused":
      if (world.doubts > 0 && bound.handles.some((handle) => isDoubtful(world, handle)))
        return unsure(bound.handles);
      refuse(progress, node, operation, bound.refusal, bound.at, bound.shown);
      return { handle: UNKNOWN_HANDLE, operation };
    case "values": {
      const before = { outcome: progress.outcome, explained: progress.explained };
      const doubtful = world.doubts > 0 && bound.handles.some((handle) => isDoubtful(world, handle));
      const start = world.machine.journal.length;
      const result = explained(progress, node, operation, () => call(world.machine, operation, bound.values));
      if (doubtful && !result.ok) {
        progress.outcome = before.outcome;
        progress.explained = before.explained;
        return unsure(bound.handles);
      }
      const handle = finish(progress, { node, operation, target, result, journalStart: start, doubtful });
      if (doubtful) doubt(world, handle);
      return { handle, operation };
    }
    default:
      return bound satisfies never;
  }
}

const named = new WeakMap<System, readonly string[]>();

/** All that can be called. */
function callNames(system: System): readonly string[] {
  const known = named.get(system) ?? [...system.operations.keys(), "open"];
  named.set(system, known);
  return known;
}

/** Runs a call so that a refusal and hazards are explained from the state that the failing check saw. */
function explained(progress: Progress, node: Call, operation: Operation | null, run: () => Result): Result {
  const { world } = progress;
  const { machine } = world;
  machine.onRefusal = (refusal) => refuse(progress, node, operation, refusal, node, "");
  progress.hazards = [];
  machine.onHazard = (met) => {
    const name = met.check.hazard ?? "";
    const off = world.system.hazards.get(name)?.severity === "off" && !world.asked.has(kebab(name));
    if (!off) progress.hazards.push({ name, finding: hazardFinding(world, progress.row, node, met) });
  };
  const result = run();
  machine.onHazard = null;
  machine.onRefusal = null;
  return result;
}

interface Finished {
  readonly node: Call;
  readonly operation: Operation | null;
  readonly target: CallStep["target"];
  readonly result: Result;
  readonly journalStart: number;
  readonly doubtful: boolean;
}

/** After the call: the result gets its name and the rules are looked at. */
function finish(
  progress: Progress,
  { node, operation, target, result, journalStart, doubtful }: Finished,
): Handle {
  const { world } = progress;
  if (!result.ok) {
    // A call that fails half-way has changed things, and may have broken a rule.
    if (result.kept) lookAtRules(progress, node, journalStart, doubtful);
    return UNKNOWN_HANDLE;
  }
  const handle = resultOf(world, operation, result.value);
  if (target !== null && handle.is === "thing")
    store(world, target, handle, (mistake) => complain(progress, mistake));
  lookAtRules(progress, node, journalStart, doubtful);
  return handle;
}

function resultOf(world: World, operation: Operation | null, value: number): Handle {
  const type = operation === null ? null : operation.result;
  if (operation !== null && type === null) return { is: "nothing" };
  if (value === NONE) return { is: "none" };
  if (type !== null && type.base !== "value") return { is: "number", value };
  return value < 0
    ? { is: "text", text: world.system.values.symbolText(value) }
    : thing(world.machine, value);
}

function lookAtRules(progress: Progress, node: Span, journalStart: number, doubtful: boolean): void {
  const { world, row } = progress;
  const { machine } = world;
  const broke: { readonly name: string; readonly finding: StepFinding }[] = [];
  for (const rule of affectedRules(machine, journalStart)) {
    if (rule.severity === "off" && !world.asked.has(kebab(rule.name))) continue;
    const now = brokenBindings(machine, rule);
    if (now.length === 0 && world.slots.get(ruleKey(rule)) === "") continue;
    const before = String(world.slots.get(ruleKey(rule)) ?? "").split(" ");
    const fresh = now.filter((broken) => !before.includes(bindingsKey([broken])));
    setSlot(world, ruleKey(rule), bindingsKey(now));
    const [first, ...rest] = fresh;
    if (first !== undefined)
      broke.push({ name: rule.name, finding: violationFinding(world, row, node, first, rest) });
  }
  if (machine.dangling.length > 0) {
    broke.push({ name: "lifetime", finding: danglingFinding(world, row, node) });
    machine.dangling.length = 0;
  }
  broke.push(...progress.hazards);
  if (machine.runaway) {
    machine.runaway = false;
    progress.mistakes.push(runawayFinding(progress.row, node));
  }
  if (doubtful) {
    if (broke.length > 0 && progress.outcome.kind === "ok") progress.outcome = UNCERTAIN;
    return;
  }
  if (progress.outcome.kind === "errno") progress.besides.push(...broke.map(({ finding }) => finding));
  if (broke.length === 0 || (progress.outcome.kind !== "ok" && progress.outcome.kind !== "violation")) return;
  const names = [...progress.outcome.names, ...broke.map(({ name }) => name)];
  const message = progress.outcome.message || (broke[0]?.finding.message ?? "");
  progress.outcome = { kind: "violation", names, message };
  progress.explained.push(...broke.map(({ finding }) => finding));
}

function refuse(
  progress: Progress,
  node: Call,
  operation: Operation | null,
  refusal: Refusal,
  at: Span,
  shown: string,
): void {
  const { world, row } = progress;
  if (progress.outcome.kind === "errno") return;
  const name = operation?.name ?? "open";
  if (world.isQuiet === true) {
    progress.outcome = { kind: "errno", names: [refusal.errno], message: "" };
    return;
  }
  const { message, causes, help, site } = explain(world, refusal, shown, name);
  progress.outcome = { kind: "errno", names: [refusal.errno], message };
  const place = { row, start: at === node ? node.start : at.start, end: at === node ? node.end : at.end };
  progress.explained = [refusalFinding({ place, name, errno: refusal.errno, message, causes, help, site })];
}

// ---------------------------------------------------------------- open

function runOpen(progress: Progress, node: Call, target: CallStep["target"]): Handle {
  const { world } = progress;
  const [path, ...flags] = node.args;
  for (const flag of flags) if (flag.value.kind === "call") readValue(progress, flag.value);
  if (path === undefined || path.value.kind !== "string") {
    complain(progress, {
      code: "wrong-arguments",
      span: node,
      message: '`open` wants a quoted path: `open("/dev/…")`',
      help: [],
    });
    return UNKNOWN_HANDLE;
  }
  const table = openTable(world.system, world.machine.topology);
  const found = table.get(path.value.value);
  if (found === undefined) {
    const help = suggestion(path.value.value, table.keys());
    const message = `there is no "${path.value.value}" under ${world.system.proposal} on ${world.machine.topology.name}`;
    if (progress.outcome.kind === "ok") progress.outcome = { kind: "errno", names: ["ENOENT"], message };
    const place = { row: progress.row, start: path.start, end: path.end };
    const offered =
      help.length > 0 || table.size > 8
        ? help
        : [`there is ${[...table.keys()].map((key) => `"${key}"`).join(", ") || "nothing to open"}`];
    progress.explained = [
      refusalFinding({
        place,
        name: "open",
        errno: "ENOENT",
        message,
        causes: [],
        help: offered,
        site: null,
      }),
    ];
    return UNKNOWN_HANDLE;
  }
  const journalStart = world.machine.journal.length;
  const result = explained(progress, node, null, () => open(world.machine, found.kind, found.hole));
  return finish(progress, { node, operation: null, target, result, journalStart, doubtful: false });
}
