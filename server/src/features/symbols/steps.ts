// Reads the steps of a scenario for its symbol index: calls, arguments, structs, paths.

import { openTable } from "../../model/paths.ts";
import { HARDWARE, hardwareNames, type System, type Topology, type Type } from "../../model/system.ts";
import { indexOf } from "../../model/values.ts";
import { builtInNames } from "../../semantics/calls.ts";
import {
  BOOL,
  INT,
  type Origin,
  type Reference,
  referenceType,
  type Scope,
  STRING,
  setType,
  UNKNOWN,
} from "../../semantics/context.ts";
import { draftFrom } from "../../semantics/draft.ts";
import { compileExpression } from "../../semantics/expressions.ts";
import type { PlacedTopology } from "../../semantics/link.ts";
import { namesOf } from "../../semantics/topology.ts";
import type {
  Argument,
  Call,
  CallStep,
  Expression,
  Name,
  Outcome,
  Span,
  StringLiteral,
  TaskStep,
} from "../../syntax/ast.ts";
import { type Declared, entryOf, localKey, type Occurrence, occurrence } from "./names.ts";
import { entryOfReference, type ProposalIndex } from "./proposal.ts";
import { moved, walk } from "./static.ts";
import { hardwareKey, hardwareRole, noteAttribute } from "./topology.ts";

export interface Machine {
  readonly placed: PlacedTopology;
  readonly topology: Topology;
}

interface Setting {
  readonly origin: Origin;
  readonly out: Occurrence[];
  /** Null when it is not known which proposal the scenario is about. */
  readonly proposal: ProposalIndex | null;
  readonly machine: Machine | null;
  readonly handles: ReadonlySet<string>;
  readonly tasks: ReadonlySet<string>;
}

/** What a name is known to stand for; a struct has its fields. */
type Known =
  | { readonly is: "value"; readonly type: Type }
  | { readonly is: "struct"; readonly fields: Map<string, Known> };

const value = (type: Type): Known => ({ is: "value", type });

export interface Reader {
  /** Where the row that is read stands in its item. */
  shift: number;
  readonly step: (node: CallStep) => void;
  readonly task: (node: TaskStep) => void;
  readonly expression: (node: Expression) => void;
  readonly finished: () => Occurrence[];
  readonly typesOf: (key: string) => readonly string[];
}

type Entry = Pick<Declared, "key" | "role" | "deprecated">;

export function createReader({ origin, out, proposal, machine, handles, tasks }: Setting): Reader {
  const env = new Map<string, Known>();
  const declared = new Set<string>();
  /** Field of a struct -> what it is an argument or result of. */
  const links = new Map<string, Set<Entry>>();
  const kinds = new Map<string, Set<string>>();
  const system: System | null = proposal?.system ?? null;
  const own = (what: string): string => `${origin.uri}#${origin.item}|${what}`;

  const note = (at: Span, entry: Entry, access: Occurrence["access"] = "read", spelled = true): void => {
    out.push(occurrence(moved(at, reader.shift), entry, access, spelled));
  };
  const first = (key: string): Occurrence["access"] => {
    if (declared.has(key)) return "write";
    declared.add(key);
    return "declare";
  };
  const handleEntry = (name: string): Entry => ({ key: own(`handle ${name}`), role: "handle" });
  const fieldEntry = (struct: string, field: string): Entry => ({
    key: own(`handle ${struct}.${field}`),
    role: "struct-field",
  });
  const tableEntry = (name: string): Entry | null =>
    proposal === null || !proposal.table.has(name) ? null : entryOf(proposal.table, name);

  /** A bare name, in the order in which the engine looks. */
  const lookUp = (name: string): { readonly entry: Entry; readonly type: Type } | null => {
    if (handles.has(name)) {
      const known = env.get(name);
      return { entry: handleEntry(name), type: known?.is === "value" ? known.type : UNKNOWN };
    }
    for (const kind of [HARDWARE.device, HARDWARE.iommu] as const) {
      if (machine?.topology.names[kind]?.includes(name) !== true) continue;
      const full = `${hardwareNames[kind]} ${name}`;
      return {
        entry: { key: hardwareKey(machine.placed, full), role: hardwareRole(full) },
        type: referenceType([kind]),
      };
    }
    if (tasks.has(name)) return { entry: taskEntry(name), type: referenceType([HARDWARE.task]) };
    return null;
  };
  const taskEntry = (name: string): Entry => ({
    key: name === "main" ? "built-in|task main" : own(`task ${name}`),
    role: "task",
  });

  const link = (struct: string, field: string, to: Entry | null): void => {
    if (to === null) return;
    const { key } = fieldEntry(struct, field);
    const known = links.get(key) ?? new Set<Entry>();
    links.set(key, known.add(to));
  };

  const parameter = (call: string, name: string): Entry | null =>
    tableEntry(`parameter operation ${call}.${name}`);

  // ------------------------------------------------------------ values

  const read = (node: Expression, wanted: Type | null): Known => {
    switch (node.kind) {
      case "number": {
        if (wanted?.kinds.includes(HARDWARE.group) === true) noteGroup(node, node.text);
        return value(INT);
      }
      case "string":
        if (wanted?.names.includes(node.value) === true)
          noteInside(node, 0, node.value, `word ${node.value}`);
        return value(STRING);
      case "set": {
        const elements = node.elements.map((element) => read(element, wanted?.element ?? null));
        const [one] = elements;
        return value(setType(one?.is === "value" ? one.type : UNKNOWN));
      }
      case "struct":
        return {
          is: "struct",
          fields: new Map(
            node.fields.flatMap(({ name, value: given }) =>
              name === null ? [] : [[name.text, read(given, null)]],
            ),
          ),
        };
      case "name": {
        const found = lookUp(node.text);
        if (found === null) break;
        note(node, found.entry);
        return env.get(node.text) ?? value(found.type);
      }
      case "call":
        if (node.callee.text === "sizeof") return value(INT);
        if (!isValueCall(node)) return call(node);
        break;
      case "field": {
        const struct = node.target.kind === "name" ? env.get(node.target.text) : undefined;
        if (node.target.kind !== "name" || struct?.is !== "struct") break;
        note(node.target, handleEntry(node.target.text));
        note(node.name, fieldEntry(node.target.text, node.name.text));
        return struct.fields.get(node.name.text) ?? value(UNKNOWN);
      }
      default:
        break;
    }
    return value(compiled(node, wanted ?? UNKNOWN));
  };

  const isValueCall = ({ callee }: Call): boolean =>
    builtInNames.includes(callee.text) ||
    (system?.defineByName.has(callee.text) === true && !system.operations.has(callee.text));

  /** What only the compiler understands: defines, fields, words. Answers the type. */
  const compiled = (node: Expression, wanted: Type): Type => {
    if (system === null || proposal === null) return UNKNOWN;
    const start = out.length;
    walk({ table: proposal.table, origin, shift: reader.shift, out }, node);
    const roles = new Map(out.slice(start).map(({ key, role }) => [key, role]));
    const refer = (reference: Reference): void => {
      const { to, name, declared: at, site } = reference;
      if (to === "machine") {
        if (machine !== null)
          note(site, { key: hardwareKey(machine.placed, name), role: hardwareRole(name) });
        return;
      }
      if (to === "local" && at !== null) {
        const key = localKey(origin, at.start + reader.shift);
        return note(site, { key, role: roles.get(key) ?? "variable" });
      }
      const entry = to === "local" ? lookUp(name)?.entry : entryOfReference(proposal.table, reference);
      if (entry !== null && entry !== undefined) note(site, entry, reference.access);
    };
    const scope: Scope = {
      draft: { ...draftFrom(system), refer },
      origin,
      locals: new Map(),
      frame: { size: 0 },
      within: [],
      ...(machine === null ? {} : { named: namesOf(machine.topology.names) }),
    };
    for (const name of namesIn(node)) {
      const found = lookUp(name);
      if (found !== null) scope.locals.set(name, { slot: scope.frame.size++, type: found.type });
    }
    for (const { target, name } of structFieldsIn(node)) {
      note(target, handleEntry(target.text));
      note(name, fieldEntry(target.text, name.text));
    }
    return compileExpression(scope, node, wanted).type;
  };

  const structFieldsIn = (node: unknown): { readonly target: Name; readonly name: Name }[] => {
    if (typeof node !== "object" || node === null) return [];
    if (isStructField(node) && env.get(node.target.text)?.is === "struct")
      return [{ target: node.target, name: node.name }];
    return Object.values(node).flatMap(structFieldsIn);
  };

  // ------------------------------------------------------------ calls

  const call = (node: Call): Known => {
    if (node.callee.text === "open" && !node.viaIoctl) return open(node);
    const operation = system?.operations.get(node.callee.text);
    const entry = tableEntry(`operation ${node.callee.text}`);
    if (entry !== null) note(node.callee, entry);
    let position = 0;
    for (const arg of node.args) {
      if (arg.name !== null) {
        const { name } = arg;
        const param = operation?.params.find((each) => each.name === name.text);
        const to = parameter(node.callee.text, name.text);
        if (to !== null) note(name, to);
        read(arg.value, param?.type ?? null);
        continue;
      }
      if (struct(node, arg)) continue;
      read(arg.value, operation?.params[position]?.type ?? null);
      position++;
    }
    const result = operation?.result ?? UNKNOWN;
    const field = operation?.resultField ?? null;
    if (field !== null) storeInStruct(node, field, value(result));
    return value(result);
  };

  /** A struct gives its fields to the parameters of their names. */
  const struct = (node: Call, { value: given }: Argument): boolean => {
    if (given.kind === "struct") {
      const operation = system?.operations.get(node.callee.text);
      for (const { name, value: field } of given.fields) {
        if (name === null) continue;
        const to = parameter(node.callee.text, name.text);
        if (to !== null) note(name, to);
        read(field, operation?.params.find((each) => each.name === name.text)?.type ?? null);
      }
      return true;
    }
    const known = given.kind === "name" ? env.get(given.text) : undefined;
    if (given.kind !== "name" || known?.is !== "struct") return false;
    note(given, handleEntry(given.text));
    for (const name of known.fields.keys()) link(given.text, name, parameter(node.callee.text, name));
    return true;
  };

  const storeInStruct = (node: Call, field: string, result: Known): void => {
    for (const { value: given } of node.args) {
      const known = given.kind === "name" ? env.get(given.text) : undefined;
      if (given.kind !== "name" || known?.is !== "struct") continue;
      known.fields.set(field, result);
      link(given.text, field, tableEntry(`result ${node.callee.text}.${field}`));
    }
  };

  const open = ({ args }: Call): Known => {
    const [path, ...flags] = args;
    for (const flag of flags) if (flag.value.kind === "call") read(flag.value, null);
    if (path?.value.kind !== "string" || system === null || machine === null) return value(UNKNOWN);
    const found = openTable(system, machine.topology).get(path.value.value);
    const kind = found === undefined ? undefined : system.kinds[found.kind];
    if (found === undefined || kind === undefined || proposal === null) return value(UNKNOWN);
    note(path.value, entryOf(proposal.table, `type ${kind.name}`), "read", false);
    const hole = kind.path?.hole ?? null;
    if (hole !== null && hole.by === -1) {
      const name = machine.topology.names[hole.kind]?.[indexOf(found.hole)] ?? "";
      const full = `${hardwareNames[hole.kind] ?? ""} ${name}`;
      noteInside(path.value, kind.path?.prefix.length ?? 0, name, full, true);
    }
    return value(referenceType([found.kind]));
  };

  /** A part of a quoted text; where there are escapes, nobody can say where it stands. */
  const noteInside = (
    node: StringLiteral,
    at: number,
    part: string,
    name: string,
    hardware = false,
  ): void => {
    if (node.end - node.start !== node.value.length + 2) return;
    const start = node.start + 1 + at;
    const entry = hardware
      ? machine === null
        ? null
        : { key: hardwareKey(machine.placed, name), role: hardwareRole(name) }
      : tableEntry(name);
    if (entry !== null) note({ start, end: start + part.length }, entry);
  };

  const noteGroup = (at: Span, name: string): void => {
    if (machine?.topology.names[HARDWARE.group]?.includes(name) === true)
      note(at, { key: hardwareKey(machine.placed, `group ${name}`), role: "group" });
  };

  // ------------------------------------------------------------ steps

  const store = (target: NonNullable<CallStep["target"]>, known: Known): void => {
    if (target.kind === "name") {
      const entry = handleEntry(target.text);
      note(target, entry, first(entry.key));
      env.set(target.text, known);
      rememberKinds(entry.key, known);
      return;
    }
    const owner = target.target;
    if (owner.kind !== "name") return;
    const before = env.get(owner.text);
    const fields = before?.is === "struct" ? before.fields : new Map<string, Known>();
    env.set(owner.text, { is: "struct", fields: fields.set(target.name.text, known) });
    const [whole, part] = [handleEntry(owner.text), fieldEntry(owner.text, target.name.text)];
    note(owner, whole, first(whole.key));
    note(target.name, part, first(part.key));
  };

  const rememberKinds = (key: string, known: Known): void => {
    if (known.is === "struct" || proposal === null) return;
    const names = known.type.kinds.map((kind) => proposal.system.kinds[kind]?.name ?? "");
    const types = kinds.get(key) ?? new Set<string>();
    for (const name of names) types.add(entryOf(proposal.table, `type ${name}`).key);
    kinds.set(key, types);
  };

  const expected = ({ outcome, name }: Outcome): void => {
    if (outcome !== "violates" || name === null || proposal === null) return;
    const same = (other: string): boolean => other.toLowerCase() === name.text.toLowerCase();
    const rule = proposal.system.rules.find((each) => same(each.name))?.name;
    const hazard = [...proposal.system.hazards.keys()].find(same);
    const entry =
      rule !== undefined
        ? tableEntry(`rule ${rule}`)
        : hazard === undefined
          ? null
          : tableEntry(`hazard ${hazard}`);
    if (entry !== null) note(name, entry);
  };

  const reader: Reader = {
    shift: 0,
    step(node) {
      const { target, value: given } = node;
      if (target !== null && given.kind === "struct") {
        const known = read(given, null);
        store(target, known);
        if (target.kind === "name")
          for (const { name } of given.fields) {
            if (name === null) continue;
            const entry = fieldEntry(target.text, name.text);
            note(name, entry, first(entry.key));
          }
      } else {
        const known = read(given, null);
        if (target !== null) store(target, known);
      }
      node.expected.forEach(expected);
    },
    task({ name, attributes }) {
      const entry = taskEntry(name.text);
      note(name, entry, first(entry.key));
      if (proposal === null) return;
      const { system: ofTask, table } = proposal;
      const found: Occurrence[] = [];
      for (const attribute of attributes)
        noteAttribute({ placed: null, system: ofTask, table, names: [], out: found }, "task", attribute);
      for (const each of found) out.push({ ...each, ...moved(each, reader.shift) });
    },
    expression(node) {
      compiled(node, BOOL);
    },
    finished: () =>
      out.flatMap((each) => [
        each,
        ...[...(links.get(each.key) ?? [])].map((to): Occurrence => ({ ...each, ...to, access: "read" })),
      ]),
    typesOf: (key) => [...(kinds.get(key) ?? [])],
  };
  return reader;
}

function namesIn(node: unknown): Set<string> {
  const found = new Set<string>();
  const visit = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return;
    if (isName(part)) found.add(part.text);
    for (const inner of Object.values(part)) visit(inner);
  };
  visit(node);
  return found;
}

const isName = (part: object): part is Name => "kind" in part && part.kind === "name";
const isStructField = (part: object): part is { readonly target: Name; readonly name: Name } =>
  "kind" in part &&
  part.kind === "field" &&
  "target" in part &&
  typeof part.target === "object" &&
  part.target !== null &&
  isName(part.target);
