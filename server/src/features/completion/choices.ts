// What could be written for a parameter in a state, as text and as value: names of the right kind, hardware, constants
// that the proposal compares it with. Those that fit best come first.

import type { View } from "../../analysis/session.ts";
import { type Handle, isLive, type World } from "../../engine/world.ts";
import { comparedWith } from "../../explore/literals.ts";
import { holds } from "../../model/evaluate.ts";
import { kindAt } from "../../model/machine.ts";
import { HARDWARE, type Operation, type Type } from "../../model/system.ts";
import { kindOf, NONE, reference } from "../../model/values.ts";
import { printMember } from "../../syntax/print.ts";
import { memberAt } from "../declared.ts";

export interface Choice {
  readonly text: string;
  readonly value: number;
  readonly kind: "handle" | "hardware" | "value" | "constant";
  /** It is of the kind that is wanted, and usable now. */
  readonly fits: boolean;
}

interface Named {
  readonly name: string;
  readonly handle: Extract<Handle, { is: "thing" }>;
  /** How many names are later. */
  readonly age: number;
}

/** A state to choose arguments in, with its names sorted out once. */
export interface Bench {
  readonly view: View;
  readonly world: World;
  /** The things that the script has names for by kind, the latest first. */
  readonly named: ReadonlyMap<number, readonly Named[]>;
}

/** Of each kind: more than anybody chooses from. */
const MOST_NAMED = 32;

export function benchOf(view: View, world: World): Bench {
  const named = new Map<number, Named[]>();
  let age = 0;
  for (const [name, handle] of [...world.slots].reverse()) {
    if (typeof handle === "string" || handle.is !== "thing" || !/^\w/.test(name)) continue;
    const kind = kindOf(handle.ref);
    const ofKind = named.get(kind) ?? [];
    named.set(kind, ofKind);
    if (ofKind.length < MOST_NAMED) ofKind.push({ name, handle, age: age++ });
  }
  return { view, world, named };
}

const MOST_CHOICES = 12;

export function choicesFor(bench: Bench, operation: Operation, index: number): readonly Choice[] {
  const type = operation.params[index]?.type;
  if (type === undefined) return [];
  const found = type.base === "int" || type.base === "string" ? plainValues(bench, operation, index) : [];
  const choices = [...typed(bench, type), ...found];
  const seen = new Set<string>();
  return choices.filter(({ text }) => !seen.has(text) && seen.add(text)).slice(0, MOST_CHOICES);
}

function typed(bench: Bench, type: Type): Choice[] {
  const { world, named } = bench;
  const { machine, system } = world;
  switch (type.base) {
    case "value":
      return [...handles(bench, type), ...hardware(world, type), ...words(world, type)];
    case "bool":
      return [1, 0].map((value) => ({
        text: value === 1 ? "true" : "false",
        value,
        kind: "value",
        fits: true,
      }));
    case "set": {
      const { element } = type;
      if (element === null) return [];
      return typed(bench, element).map(({ text, value, ...rest }) => ({
        ...rest,
        text: `{${text}}`,
        value: system.values.set([value], element.base === "range" ? "ranges" : undefined),
      }));
    }
    case "range":
      return [{ text: "range(0, 4K)", value: system.values.range(0, 4096), kind: "value", fits: true }];
    case "int":
      // Objects with numbers, which C programs pass instead of the object.
      return [...named.values()]
        .flat()
        .flatMap(({ name, handle }): Choice[] =>
          handle.id === 0
            ? []
            : [{ text: name, value: handle.id, kind: "handle", fits: isLive(machine, handle) }],
        );
    case "string":
    case "unknown":
      return [];
    default:
      return type.base satisfies never;
  }
}

const latest = (named: readonly Named[]): Named[] => named.toSorted((a, b) => a.age - b.age);

function handles({ world: { machine }, named }: Bench, type: Type): Choice[] {
  const things = latest(type.kinds.flatMap((kind) => named.get(kind) ?? []));
  const choices = things.flatMap(({ name, handle }): Choice[] => {
    const kind = kindOf(handle.ref);
    if (kind <= HARDWARE.task) return [];
    const isFile = kindAt(machine, kind).sort === "fd";
    const fits = isLive(machine, handle) && (!isFile || holds(machine, machine.caller, handle.ref));
    return [{ text: name, value: handle.ref, kind: "handle", fits }];
  });
  return [...choices.filter(({ fits }) => fits), ...choices.filter(({ fits }) => !fits)];
}

function hardware({ machine }: World, type: Type): Choice[] {
  return [HARDWARE.device, HARDWARE.group, HARDWARE.iommu, HARDWARE.task].flatMap((kind) => {
    if (!type.kinds.includes(kind)) return [];
    const names = kind === HARDWARE.task ? machine.tasks : (machine.topology.names[kind] ?? []);
    return names.map(
      (text, i): Choice => ({ text, value: reference(kind, i), kind: "hardware", fits: true }),
    );
  });
}

const words = ({ system }: World, type: Type): Choice[] =>
  type.names.map((text) => ({ text, value: system.values.symbol(text), kind: "value", fits: true }));

/** Constants that the call compares it with, what the fields of that sort hold now, and a few usual numbers. */
function plainValues({ view, world }: Bench, operation: Operation, index: number): Choice[] {
  const { system, machine } = world;
  const type = operation.params[index]?.type;
  const compared = comparedWith(system, operation)[index];
  const values = new Set(compared?.equal ?? []);
  for (const id of compared?.fields ?? []) {
    const field = system.fields[id];
    if (field?.type.base === type?.base) for (const cell of machine.cells[id] ?? []) values.add(cell);
  }
  if (type?.base === "string") {
    const texts = [...values].filter((value) => value < NONE).map((value) => system.values.symbolText(value));
    return texts.map((text) => ({
      text: /^[A-Za-z_]\w*$/.test(text) ? text : JSON.stringify(text),
      value: system.values.symbol(text),
      kind: "value",
      fits: true,
    }));
  }
  const names = constantsOf(view, world, operation);
  const found = [...values]
    .filter((value) => value >= 0)
    .map((value): Choice => {
      const name = names.find((each) => system.constants.get(each) === value);
      return name === undefined
        ? { text: shownNumber(value), value, kind: "value", fits: true }
        : { text: name, value, kind: "constant", fits: true };
    });
  const named = found.filter(({ kind }) => kind === "constant");
  const plain = found.filter(({ kind, value }) => kind === "value" && value > 1 && value < 2 ** 40);
  // A constant that the call mentions says more than a number.
  const usual = [0, 4096, 1].filter((value) => !named.some((each) => each.value === value));
  const numbers = usual.map(
    (value): Choice => ({ text: shownNumber(value), value, kind: "value", fits: true }),
  );
  return [...named, ...numbers, ...plain];
}

const shownNumber = (value: number): string =>
  value >= 2 ** 20 && value % 2 ** 20 === 0
    ? `${value / 2 ** 20}M`
    : value >= 1024 && value % 1024 === 0
      ? `${value / 1024}K`
      : String(value);

const mentioned = new WeakMap<Operation, readonly string[]>();

/** The constants whose names the declaration of a call mentions. */
function constantsOf(view: View, { system }: World, operation: Operation): readonly string[] {
  const known = mentioned.get(operation);
  if (known !== undefined) return known;
  const member = memberAt(view, operation.site)?.member;
  const source =
    member === undefined ? "" : `${operation.doc.join(" ")} ${printMember({ ...member, doc: [] })}`;
  const found = [...new Set(source.match(/\w+/g))].filter((word) => system.constants.has(word));
  mentioned.set(operation, found);
  return found;
}
