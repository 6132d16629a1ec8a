// One call of a script: run it, see what it broke, compare with what was expected.

import { call, open, type Result } from "../model/execute.ts";
import { blame } from "../model/explain.ts";
import { kindAt, type Refusal, writerOf } from "../model/machine.ts";
import { affectedRules, type Broken, brokenBindings } from "../model/rules.ts";
import type { Operation } from "../model/system.ts";
import { HARDWARE } from "../model/system.ts";
import { indexOf, kindOf, NONE, reference } from "../model/values.ts";
import { suggestion } from "../semantics/types.ts";
import type { AssertStep, Call, CallStep, Expression, Name, Span } from "../syntax/ast.ts";
import { printExpression } from "../syntax/print.ts";
import { bind, type Mistake } from "./arguments.ts";
import { judge } from "./expectations.ts";
import {
  type Cause,
  causesOf,
  hazardFinding,
  refusalFinding,
  relatedTo,
  violationFinding,
} from "./findings.ts";
import type { Outcome, StepFinding } from "./outcome.ts";
import { kebab, OK, UNCERTAIN } from "./outcome.ts";
import { openTable } from "./paths.ts";
import { evaluateCondition, readExpression, UNKNOWN_HANDLE } from "./read.ts";
import { remedies } from "./remedies.ts";
import { describeCell, describeWrite, nameOf, renderTemplate } from "./render.ts";
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
}

/** Runs the step for `machine.caller` as step `machine.step`; leaves its writes in the journals. */
export function runStep(world: World, row: number, node: CallStep): Ran {
  const progress: Progress = { world, row, outcome: OK, explained: [], mistakes: [] };
  const { target, value } = node;
  if (value.kind === "call") {
    const result = runCall(progress, value, target);
    // A new thing has its name already, so that what it broke can be told with it.
    if (target !== null && result.handle.is !== "thing") store(progress, target, result.handle);
    storeInStruct(world, value, result);
  } else if (target === null) {
    complain(progress, {
      code: "syntax",
      span: value,
      message: "expected a call, such as `close(dev)`, or a name for this value: `x = …`",
      help: [],
    });
  } else store(progress, target, readValue(progress, value));
  if (progress.mistakes.length > 0) return { outcome: UNCERTAIN, findings: progress.mistakes };
  return {
    outcome: progress.outcome,
    findings: judge(world, row, node, progress.outcome, progress.explained),
  };
}

/** `assert COND`: an error when it is false, with the steps that made it so. */
export function runAssert(world: World, row: number, node: AssertStep): Ran {
  const mistakes: StepFinding[] = [];
  const progress: Progress = { world, row, outcome: OK, explained: [], mistakes };
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
  const { world } = progress;
  const isDefine =
    node.kind === "call" &&
    world.system.defineByName.has(node.callee.text) &&
    !world.system.operations.has(node.callee.text);
  if (
    node.kind === "call" &&
    !isDefine &&
    !["range", "overlaps", "contains", "referenced", "holds"].includes(node.callee.text)
  ) {
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
      help: suggestion(name, [...world.system.operations.keys(), "open"]),
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

/** Runs a call so that its refusal, if any, is explained from the state that the failing check saw. */
function explained(progress: Progress, node: Call, operation: Operation | null, run: () => Result): Result {
  const { machine } = progress.world;
  machine.onRefusal = (refusal) => refuse(progress, node, operation, refusal, node, "");
  const result = run();
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
  if (!result.ok) return UNKNOWN_HANDLE;
  const handle = resultOf(world, operation, result.value);
  if (target !== null && handle.is === "thing") store(progress, target, handle);
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
    if (first !== undefined && !doubtful)
      broke.push({ name: rule.name, finding: violationFinding(world, row, node, first, rest) });
  }
  if (machine.dangling.length > 0) {
    if (!doubtful) broke.push({ name: "lifetime", finding: danglingFinding(progress, node) });
    machine.dangling.length = 0;
  }
  for (const hazard of machine.hazards) {
    const name = hazard.check.hazard ?? "";
    const off = world.system.hazards.get(name)?.severity === "off" && !world.asked.has(kebab(name));
    if (!doubtful && !off) broke.push({ name, finding: hazardFinding(world, row, node, hazard) });
  }
  machine.hazards.length = 0;
  if (broke.length === 0 || (progress.outcome.kind !== "ok" && progress.outcome.kind !== "violation")) return;
  const names = [...progress.outcome.names, ...broke.map(({ name }) => name)];
  const message = progress.outcome.message || (broke[0]?.finding.message ?? "");
  progress.outcome = { kind: "violation", names, message };
  progress.explained.push(...broke.map(({ finding }) => finding));
}

function danglingFinding({ world, row }: Progress, node: Span): StepFinding {
  const { dangling, system } = world.machine;
  const fields: { readonly name: string; readonly dead: string; readonly step: number }[] = [];
  for (let i = 0; i < dangling.length; i += 4) {
    const [field = 0, index = 0, dead = 0, step = 0] = dangling.slice(i, i + 4);
    const declared = system.fields[field];
    const name = `${nameOf(world, reference(declared?.kind ?? 0, index))}.${declared?.name ?? "?"}`;
    fields.push({ name, dead: nameOf(world, dead), step });
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
  const { message, causes, help, site } = explain(world, refusal, shown, name);
  progress.outcome = { kind: "errno", names: [refusal.errno], message };
  const place = { row, start: at === node ? node.start : at.start, end: at === node ? node.end : at.end };
  progress.explained = [refusalFinding({ place, name, errno: refusal.errno, message, causes, help, site })];
}

interface Explained {
  readonly message: string;
  readonly causes: readonly Cause[];
  readonly help: readonly string[];
  readonly site: Broken["check"]["site"] | null;
}

function explain(world: World, refusal: Refusal, shown: string, call: string): Explained {
  const { machine } = world;
  switch (refusal.by) {
    case "check": {
      const { check, locals, body } = refusal;
      const reads = blame(machine, check.condition, [...locals], body);
      const message =
        check.message === null
          ? "a check of the proposal fails"
          : renderTemplate(world, check.message, [...locals]);
      return {
        message,
        causes: causesOf(world, reads),
        help: remedies(world, reads, call),
        site: check.site,
      };
    }
    case "exclusive": {
      const { alive } = kindAt(machine, kindOf(refusal.other));
      const cause = { field: alive, index: indexOf(refusal.other), value: 1 };
      const name = nameOf(world, refusal.other);
      const { holders } = kindAt(machine, kindOf(refusal.other));
      const closed = machine.cells[holders]?.[indexOf(refusal.other)] === 0;
      return {
        message: closed
          ? `${name} was closed, but is still in use`
          : `it is already open as ${name}, and only one can be at a time`,
        causes: causesOf(world, [cause]),
        help: closed ? [`close or end first what refers to ${name}`] : [`use ${name}, or close it first`],
        site: null,
      };
    }
    case "handle":
      return explainHandle(world, refusal, shown);
    default:
      return refusal satisfies never;
  }
}

function explainHandle(
  world: World,
  { ref, errno, dead }: Extract<Refusal, { by: "handle" }>,
  shown: string,
): Explained {
  const { machine } = world;
  if (ref === NONE) {
    const what = errno === "EBADF" ? "no open file" : "no object's id";
    return { message: `${shown} is ${what}`, causes: [], help: [], site: null };
  }
  const kind = kindAt(machine, kindOf(ref));
  const index = indexOf(ref);
  const name = shown || nameOf(world, ref);
  const isThere = (machine.cells[kind.alive]?.[index] ?? 0) === 1;
  const isOpen = (machine.cells[kind.holders]?.[index] ?? 0) !== 0;
  const at = (step: number, message: string): Cause[] => (step === 0 ? [] : [{ step, message }]);
  if (kind.sort === "fd" && !dead && isOpen) {
    const task = machine.tasks[indexOf(machine.caller)] ?? "?";
    const causes = at(writerOf(machine, kind.holders, index), "who has it open changes here");
    return {
      message: `${name} is not open in task ${task}`,
      causes,
      help: [`pass it with \`send(${name}, ${task})\``],
      site: null,
    };
  }
  if (kind.sort === "fd") {
    // Closed, and perhaps still kept by something that refers to it.
    const causes =
      dead && isThere
        ? []
        : at(writerOf(machine, isThere ? kind.holders : kind.alive, index), `${name} is closed here`);
    return { message: `${name} was closed`, causes, help: [], site: null };
  }
  const causes = isThere
    ? []
    : at(writerOf(machine, kind.alive, index), describeWrite(world, kind.alive, index, 0));
  return { message: `${name} no longer exists`, causes, help: [], site: null };
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

// ---------------------------------------------------------------- names and doubts

function store(progress: Progress, target: NonNullable<CallStep["target"]>, handle: Handle): void {
  const { world } = progress;
  if (target.kind === "name") {
    if (nameIsTaken(world, target)) {
      complain(progress, {
        code: "duplicate-name",
        span: target,
        message: `\`${target.text}\` is a ${nameIsTaken(world, target)} here; give the result another name`,
        help: [],
      });
      return;
    }
    setSlot(world, target.text, handle);
    return;
  }
  const struct = target.target.kind === "name" ? target.target : null;
  if (struct === null) {
    complain(progress, {
      code: "not-assignable",
      span: target,
      message: "only a name or one of its fields can be set",
      help: [],
    });
    return;
  }
  const known = world.slots.get(struct.text);
  const fields =
    known !== undefined && typeof known !== "string" && known.is === "struct"
      ? known.fields
      : new Map<string, Handle>();
  setSlot(world, struct.text, { is: "struct", fields: new Map([...fields, [target.name.text, handle]]) });
}

function nameIsTaken(world: World, target: Name): string | null {
  const { machine } = world;
  if (machine.topology.names[HARDWARE.device]?.includes(target.text)) return "device of the topology";
  return world.system.constants.has(target.text) ? "constant" : null;
}

/** C callers find the result in the struct that they passed: `&alloc` then has `alloc.out_ioas_id`. */
function storeInStruct(world: World, node: Call, { handle, operation }: CallResult): void {
  if (operation?.resultField === null || operation?.resultField === undefined) return;
  for (const { value } of node.args) {
    const slot = value.kind === "name" ? world.slots.get(value.text) : undefined;
    if (value.kind !== "name" || slot === undefined || typeof slot === "string" || slot.is !== "struct")
      continue;
    setSlot(world, value.text, {
      is: "struct",
      fields: new Map([...slot.fields, [operation.resultField, handle]]),
    });
  }
}

const doubtKey = (handle: Handle): string | null =>
  handle.is === "thing" ? `?${handle.ref}:${handle.born}` : null;

function doubt(world: World, handle: Handle): void {
  const key = doubtKey(handle);
  const kind = handle.is === "thing" ? world.system.kinds[kindOf(handle.ref)] : undefined;
  if (key !== null && kind !== undefined && kind.sort !== "hardware") setSlot(world, key, "in doubt");
}

function isDoubtful(world: World, handle: Handle): boolean {
  const key = doubtKey(handle);
  return key !== null && world.slots.has(key);
}
