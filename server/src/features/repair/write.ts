// A found sequence of calls as text, in the spelling of the step that it is for.

import type { View } from "../../analysis/view.ts";
import { isUsed, type Path } from "../../explore/search.ts";
import type { Given, Space } from "../../explore/space.ts";
import { isAlive, type Machine, rollBack } from "../../model/machine.ts";
import type { Operation, System, Type } from "../../model/system.ts";
import { HARDWARE } from "../../model/system.ts";
import { indexOf, kindOf, NONE } from "../../model/values.ts";
import type { CallStep } from "../../syntax/ast.ts";
import { freshName } from "./names.ts";

/** A call to write, and the task (a reference) that makes it. */
export interface Written {
  readonly task: number;
  readonly text: string;
  /** Without the name for its result: for titles. */
  readonly call: string;
}

export interface Spelling {
  /** `ioctl(g, OP, x)` in place of `OP(g, x)`. */
  readonly viaIoctl: boolean;
  readonly semicolon: boolean;
  /** `int g = …` */
  readonly typed: boolean;
}

/** As the step itself is written. */
export function spellingOf(node: CallStep, text: string): Spelling {
  const value = node.value.kind === "call" ? node.value : null;
  return {
    viaIoctl: value?.viaIoctl === true,
    semicolon: /^\s*;/.test(text.slice(node.value.end)),
    typed: /\bint\s+$/.test(text.slice(0, node.target?.start ?? 0)),
  };
}

export interface Words {
  readonly view: View;
  readonly space: Space;
  /** How the script calls things in front of the calls. */
  readonly names: ReadonlyMap<number, string>;
  /** All that a fresh name must not be; grows. */
  readonly taken: Set<string>;
}

/** Null when something in it has no name. */
export function write(words: Words, path: Path, spelling: Spelling): readonly Written[] | null {
  const { space, view } = words;
  const { machine } = space;
  const names = new Map(words.names);
  const { system } = machine;
  rollBack(machine);
  const written: Written[] = [];
  for (const [i, move] of path.moves.entries()) {
    const call =
      move.do === "open"
        ? `open("${move.opening.path}")`
        : callText({ system, machine, names, operation: move.operation, view }, move.args, spelling);
    const done = space.apply(move);
    if (call === null || done === null) return null;
    const made = path.results[i] ?? NONE;
    const needsName =
      made >= 0 && isAlive(machine, kindOf(made), indexOf(made)) && (move.do === "open" || isUsed(path, i));
    let text = call;
    if (needsName) {
      const name = freshName(view, machine, made, words.taken);
      names.set(made, name);
      text = `${spelling.typed ? "int " : ""}${name} = ${call}`;
    }
    written.push({ task: move.task, text: spelling.semicolon ? `${text};` : text, call });
  }
  rollBack(machine);
  return written;
}

export interface Showing {
  readonly system: System;
  readonly machine: Machine;
  readonly names: ReadonlyMap<number, string>;
  readonly operation: Operation;
  readonly view: View;
}

export function callText(showing: Showing, args: readonly Given[], { viaIoctl }: Spelling): string | null {
  const { operation } = showing;
  const parts: string[] = [];
  let named = false;
  for (const [i, given] of args.entries()) {
    const param = operation.params[i];
    if (param === undefined) return null;
    if (!given.written) {
      // What stands behind a gap goes by name.
      named = true;
      continue;
    }
    const shown = valueText(showing, given, param.type);
    if (shown === null) return null;
    parts.push(named ? `${param.name}: ${shown}` : shown);
  }
  const [first, ...rest] = parts;
  if (viaIoctl && first !== undefined && operation.form === "ioctl")
    return `ioctl(${[first, operation.name, ...rest].join(", ")})`;
  return `${operation.name}(${parts.join(", ")})`;
}

function valueText(showing: Showing, { value, thing }: Given, type: Type): string | null {
  const { system, machine, names } = showing;
  const { values } = system;
  if (thing !== NONE) return names.get(thing) ?? null;
  switch (type.base) {
    case "bool":
      return value === 1 ? "true" : "false";
    case "int":
      return constantFor(showing, value) ?? String(value);
    case "string":
      return value === NONE ? "none" : word(values.symbolText(value));
    case "range": {
      const { start, size } = values.rangeOf(value);
      return `range(${start}, ${size})`;
    }
    case "set": {
      const element = type.element ?? type;
      const members = values
        .setOf(value)
        .map((each) => valueText(showing, { value: each, thing: NONE, written: true }, element));
      return members.includes(null) ? null : `{${members.join(", ")}}`;
    }
    case "value": {
      if (value === NONE) return "none";
      if (value < NONE) return word(values.symbolText(value));
      const kind = kindOf(value);
      if (kind === HARDWARE.task) return machine.tasks[indexOf(value)] ?? null;
      if (system.kinds[kind]?.sort !== "hardware") return names.get(value) ?? null;
      return word(machine.topology.names[kind]?.[indexOf(value)] ?? "");
    }
    case "unknown":
      return null;
    default:
      return type.base satisfies never;
  }
}

const word = (text: string): string => (/^(?:[A-Za-z_]\w*|\d+)$/.test(text) ? text : `"${text}"`);

/** The constant by which the text of the operation calls a number. */
function constantFor({ system, operation, view }: Showing, value: number): string | null {
  const called = [...system.constants].flatMap(([name, number]) => (number === value ? [name] : []));
  if (called.length === 0) return null;
  const { uri, item, start, end } = operation.site;
  const document = view.work.texts.document(uri);
  if ("failed" in document) return null;
  const place = view.work.places.site({ uri, item, start, end });
  if (place === null) return null;
  const body = bodyFrom(document.text, place.start);
  const found = called
    .map((name) => ({ name, at: body.search(new RegExp(`\\b${name}\\b`)) }))
    .filter(({ at }) => at !== -1)
    .sort((a, b) => a.at - b.at);
  return found[0]?.name ?? null;
}

/** From the name of an operation to the brace that ends it. */
function bodyFrom(text: string, start: number): string {
  let depth = 0;
  for (let i = text.indexOf("{", text.indexOf(")", start)); i !== -1 && i < text.length; i++) {
    if (text[i] === "{") depth++;
    if (text[i] === "}" && --depth === 0) return text.slice(start, i);
  }
  return text.slice(start, start + 2000);
}
