// What is under the pointer, explained: the answer first, then what a reviewer asks next. Pure: a view and an offset in,
// a document out; nothing that it tries on the way leaves a trace.

import type { Usable } from "../analysis/proposals.ts";
import type { View } from "../analysis/session.ts";
import { openTable } from "../engine/paths.ts";
import { readExpression } from "../engine/read.ts";
import { createRun } from "../engine/run.ts";
import { HARDWARE, type System } from "../model/system.ts";
import { reference } from "../model/values.ts";
import { errnos } from "../semantics/errnos.ts";
import { layOut, resolveTopology } from "../semantics/topology.ts";
import type { Call } from "../syntax/ast.ts";
import { type Cursor, cursorAt } from "./cursor.ts";
import { proposalOfItem, systemsOf, usable } from "./declared.ts";
import { callMarkup, openMarkup } from "./hover/call.ts";
import { handleMarkup, hardwareMarkup, shownCell, shownHandle } from "./hover/state.ts";
import {
  errnoMarkup,
  fieldMarkup,
  localMarkup,
  memberMarkup,
  proposalMarkup,
  topologyMarkup,
  wordMarkup,
} from "./hover/symbols.ts";
import { type Markup, strong, text, uapi } from "./markup.ts";
import { bodyScope, fieldsOfType, operandBefore, stepScope, typeOf } from "./scope.ts";
import { openBrackets, type Token, tokensOf, wordAt } from "./tokens.ts";
import { pathAt } from "./tree.ts";
import { leafAt, lookBefore, lookBehind, type StepPlace, stepAt } from "./trial.ts";

export interface Hover {
  readonly start: number;
  readonly end: number;
  readonly markup: Markup;
}

/** A word or string under the pointer. */
interface Pointed {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly kind: "word" | "string";
  /** The statement in front of it, and the character behind it. */
  readonly before: readonly Token[];
  readonly next: string;
}

export function hoverAt(view: View, offset: number): Hover | null {
  const pointed = pointedAt(view, offset);
  if (pointed === null) return null;
  const { cursor, ...what } = pointed;
  const markup = explain(view, cursor, what, offset);
  return markup === null ? null : { start: what.start, end: what.end, markup };
}

function pointedAt(view: View, offset: number): (Pointed & { readonly cursor: Cursor }) | null {
  const source = view.document.text;
  const here = cursorAt(view, offset);
  if (here.inside === "comment") return null;
  if (here.inside === "string") {
    const { start, end } = here;
    const holes = holeAt(source, start, end, offset);
    if (holes !== null) return { ...holes, before: [], next: "", cursor: here };
    return {
      text: source.slice(start, end),
      start,
      end,
      kind: "string",
      before: here.tokens,
      next: "",
      cursor: here,
    };
  }
  const word = wordAt(source, offset);
  if (word === null) return null;
  // As if the cursor stood behind the word: the tokens in front are then those in front of the word.
  const cursor = cursorAt(view, word.end);
  if (cursor.inside !== "code") return null;
  const next = source
    .slice(word.end, word.end + 40)
    .trimStart()
    .charAt(0);
  return { ...word, kind: "word", before: cursor.tokens, next, cursor };
}

/** A word in a hole of a message: `"{f.device} already belongs to {f.owner}"`. */
function holeAt(
  source: string,
  start: number,
  end: number,
  offset: number,
): Omit<Pointed, "before" | "next"> | null {
  const open = source.lastIndexOf("{", offset - 1);
  const close = source.indexOf("}", offset);
  if (open < start || close === -1 || close > end || source.slice(open, offset).includes("}")) return null;
  const word = wordAt(source, offset);
  return word === null || source[open - 1] === "{" ? null : { ...word, kind: "word" };
}

function explain(view: View, cursor: Cursor, what: Pointed, offset: number): Markup | null {
  const { item } = cursor;
  const top = cursor.heads[0]?.map(({ text: word }) => word) ?? [];
  const declares = top.find((word) => ["scenario", "topology", "proposal", "verify"].includes(word));
  if (declares === "scenario") {
    const place = stepAt(view, offset);
    return place === null
      ? (stepless(view, what) ?? wordMarkup(what.text))
      : inStep(view, place, what, offset);
  }
  if (declares === "topology") return inTopology(view, cursor, what);
  if (declares === "proposal" && item?.declaration?.kind === "proposal")
    return inProposal(view, proposalOfItem(view, item.declaration, item.item.id), cursor, what);
  if (declares === "verify") return stepless(view, what) ?? wordMarkup(what.text);
  return atTop(view, what);
}

/** The head of a declaration, and `use`. */
function atTop(view: View, { text: word, before, kind }: Pointed): Markup | null {
  const previous = before.at(-1)?.text ?? "";
  const first = before[0]?.text ?? "";
  if (kind === "string") return null;
  if (
    previous === "on" ||
    first === "topology" ||
    (first === "verify" && before.some((token) => token.text === "on"))
  )
    return topologyMarkup(view, word) ?? wordMarkup(word);
  if (before.length > 0 && ["use", "with", "extends", "proposal", "verify", ","].includes(previous))
    return proposalMarkup(view, word) ?? topologyMarkup(view, word);
  return wordMarkup(word);
}

// ---------------------------------------------------------------- scenarios

/** Where nothing runs: names of the proposals in use. */
function stepless(view: View, { text: word, before, kind }: Pointed): Markup | null {
  if (kind === "string") return null;
  const chains = systemsOf(view);
  if (errnos.has(word)) return errnoMarkup(view, chains[0] ?? null, word, calleeIn(before));
  for (const chain of chains) {
    const markup = memberMarkup(view, chain, word, null);
    if (markup !== null) return markup;
  }
  return null;
}

function inStep(view: View, place: StepPlace, what: Pointed, offset: number): Markup | null {
  const { run } = place;
  const { system, machine } = run.world;
  const { text: word, before, next } = what;
  const chain = chainOf(view, system);
  if (chain === null) return null;
  const here = { place, offset };
  const previous = before.at(-1)?.text ?? "";
  if (what.kind === "string") return stringInStep(view, chain, place, what, offset);
  if (word === "open" && next === "(") return openMarkup(view, chain, pathBehind(view, what.end), here);
  if (previous === "violates" || previous === "fails" || errnos.has(word)) {
    if (errnos.has(word)) return errnoMarkup(view, chain, word, calleeIn(before));
    if (previous !== "fails")
      return lookBefore(place, offset, (world) => memberMarkup(view, chain, word, world));
  }
  if (previous === "." || previous === "->") {
    const rule = before.at(-3)?.text === "violates";
    return rule ? memberMarkup(view, chain, word, run.world) : fieldHere(view, chain, place, what, offset);
  }
  const slot = run.world.slots.get(word);
  const operation = system.operations.get(word);
  if (operation !== undefined && (next === "(" || slot === undefined))
    return callMarkup(view, chain, operation, here);
  const parameter = parameterHere(chain, what);
  if (parameter !== null) return parameter;
  const handle = handleHere(view, place, what, offset);
  if (handle !== null) return handle;
  const hardware = [HARDWARE.device, HARDWARE.iommu, HARDWARE.group].flatMap((kind) => {
    const index = machine.topology.names[kind]?.indexOf(word) ?? -1;
    // A group is a number; others of that spelling are just numbers.
    return index === -1 || kind === HARDWARE.group ? [] : [reference(kind, index)];
  })[0];
  if (hardware !== undefined) return lookBefore(place, offset, () => hardwareMarkup(run, hardware));
  const task = machine.tasks.indexOf(word);
  if (task !== -1)
    return lookBefore(place, offset, () => hardwareMarkup(run, reference(HARDWARE.task, task)));
  if (system.defineByName.has(word)) return defineHere(view, chain, place, what, offset);
  return memberMarkup(view, chain, word, run.world) ?? hardwareKind(chain, word) ?? wordMarkup(word);
}

/** The proposal of a run with the declarations that it was made from. */
export function chainOf(view: View, system: System): Usable | null {
  for (const link of view.visible.proposals.values()) {
    const chain = usable(view, link);
    if (chain.system === system) return chain;
  }
  return null;
}

function calleeIn(before: readonly Token[]): string | null {
  const call = before.find(
    ({ kind, text: word }, i) => kind === "word" && before[i + 1]?.text === "(" && word !== "ioctl",
  );
  const ioctl = before.findIndex(({ text: word }) => word === "ioctl");
  if (ioctl === -1) return call?.text ?? null;
  const comma = before.findIndex(({ text: word }, i) => i > ioctl && word === ",");
  return before[comma + 1]?.text ?? null;
}

const pathBehind = (view: View, at: number): string =>
  /^\s*\(\s*"([^"\n]*)"/.exec(view.document.text.slice(at, at + 300))?.[1] ?? "";

function stringInStep(
  view: View,
  chain: Usable,
  place: StepPlace,
  what: Pointed,
  offset: number,
): Markup | null {
  const { machine, system } = place.run.world;
  const open = openTable(system, machine.topology).get(what.text);
  if (what.before.at(-2)?.text === "open")
    return openMarkup(
      view,
      chain,
      what.text,
      open === undefined && what.text === "" ? null : { place, offset },
    );
  const device = machine.topology.addresses.get(what.text);
  return device === undefined
    ? null
    : lookBefore(place, offset, () => hardwareMarkup(place.run, reference(HARDWARE.device, device)));
}

/** A name of the script, in the state in front of the step; where the step gives it its value, behind it. */
function handleHere(
  view: View,
  place: StepPlace,
  { text: word, start }: Pointed,
  offset: number,
): Markup | null {
  const leaf = leafAt(place, offset);
  const node = leaf?.node.kind === "step" ? leaf.node : null;
  const isTarget = node?.target?.kind === "name" && place.start + node.target.start === start;
  const after = isTarget && node !== null && place.row.node === node;
  const look = (): Markup | null => {
    const handle = place.run.world.slots.get(word);
    return handle === undefined || typeof handle === "string"
      ? null
      : handleMarkup(view, place.run, word, handle);
  };
  return after ? lookBehind(place, look) : lookBefore(place, offset, look);
}

/** `iova:` in a call, `.iova =` in the struct that a call is given. */
function parameterHere({ system }: Usable, { text: word, before, next }: Pointed): Markup | null {
  if (next !== ":" && before.at(-1)?.text !== ".") return null;
  const bracket = openBrackets(before).findLast(({ bracket: kind }) => kind === "(");
  const callee = bracket === undefined ? null : calleeIn(before);
  const param = system.operations.get(callee ?? "")?.params.find(({ name }) => name === word);
  return param === undefined
    ? null
    : localMarkup({ system, links: [], problems: [], sound: true }, word, param.type);
}

function fieldHere(
  view: View,
  chain: Usable,
  place: StepPlace,
  what: Pointed,
  offset: number,
): Markup | null {
  const parameter = parameterHere(chain, what);
  const target = operandBefore(view.document.text, what.before.slice(0, -1));
  if (target === "") return parameter;
  return lookBefore(place, offset, (world) => {
    const slot = world.slots.get(target);
    if (slot !== undefined && typeof slot !== "string" && slot.is === "struct") {
      const value = slot.fields.get(what.text);
      return [
        uapi(`${target}.${what.text}`),
        text(value === undefined ? "no such field yet" : `${shownHandle(world, value)} here`),
      ];
    }
    const type = typeOf(stepScope(chain, world), target);
    const field =
      type === null ? undefined : fieldsOfType(world.system, type).find(({ name }) => name === what.text);
    if (field === undefined) return parameter;
    const value =
      slot !== undefined && typeof slot !== "string" && slot.is === "thing"
        ? shownCell(world, field, slot.ref % 2 ** 20)
        : null;
    return fieldMarkup(view, chain, field, value);
  });
}

/** A define, and what it is here for these arguments. */
function defineHere(
  view: View,
  chain: Usable,
  place: StepPlace,
  what: Pointed,
  offset: number,
): Markup | null {
  const leaf = leafAt(place, offset);
  const node = pathAt(leaf?.node ?? null, offset - place.start).findLast(
    (each): each is Call => each.kind === "call" && "callee" in each,
  );
  return lookBefore(place, place.start + (leaf?.node.start ?? 0), (world) => {
    const markup = memberMarkup(view, chain, what.text, world);
    if (markup === null || node === undefined || node.callee.text !== what.text) return markup;
    const handle = readExpression(world, node, null, () => {});
    const define = world.system.defines[world.system.defineByName.get(what.text) ?? -1];
    const isBool = define?.result.base === "bool" && handle.is === "number";
    const value = isBool ? (handle.value === 1 ? "true" : "false") : shownHandle(world, handle);
    return handle.is === "unknown"
      ? markup
      : [...markup.slice(0, 1), text(strong(`${value} here`)), ...markup.slice(1)];
  });
}

// ---------------------------------------------------------------- topologies

function inTopology(view: View, cursor: Cursor, what: Pointed): Markup | null {
  const { item } = cursor;
  const [chain] = systemsOf(view);
  if (item?.declaration?.kind !== "topology" || chain === undefined) return wordMarkup(what.text);
  const origin = { uri: view.uri, item: item.item.id };
  const layout = layOut(item.declaration, origin);
  const previous = what.before.at(-1)?.text ?? "";
  const kinds: readonly (readonly [string, number])[] = [
    ["device", HARDWARE.device],
    ["group", HARDWARE.group],
    ["iommu", HARDWARE.iommu],
    ["behind", HARDWARE.iommu],
  ];
  const kind =
    kinds.find(([word]) => word === previous)?.[1] ?? (previous === "=" ? HARDWARE.device : undefined);
  const index = kind === undefined ? -1 : (layout.names[kind]?.indexOf(what.text) ?? -1);
  if (kind !== undefined && index !== -1) {
    const { topology } = resolveTopology(chain.system, item.declaration, origin, layout);
    return hardwareMarkup(createRun(chain.system, topology, ["main"], new Set()), reference(kind, index));
  }
  if (what.kind === "string") return null;
  for (const each of systemsOf(view)) {
    const entry = entryKind(what.before, cursor);
    const field = each.system.fields.find(({ name, kind: of }) => name === what.text && of === entry);
    if (field !== undefined) return fieldMarkup(view, each, field, null);
  }
  return previous === "driver" ? [text(`driven by ${what.text}`)] : wordMarkup(what.text);
}

/** The kind whose attributes are being written; -1 for none. */
export function entryKind(before: readonly Token[], cursor: Cursor): number {
  const words: readonly (readonly [string, number])[] = Object.entries(HARDWARE);
  const entry = before.findLast(({ text: word }, i) => word in HARDWARE && before[i + 1]?.text !== "=");
  if (entry !== undefined) return words.find(([word]) => word === entry.text)?.[1] ?? -1;
  return cursor.heads.length > 2 ? HARDWARE.iommu : -1;
}

// ---------------------------------------------------------------- proposals

function inProposal(view: View, chain: Usable, cursor: Cursor, what: Pointed): Markup | null {
  const source = view.document.text;
  const { text: word, next } = what;
  if (what.kind === "string") return null;
  const inHole = cursor.inside === "string";
  const before = inHole
    ? tokensOf(source.slice(source.lastIndexOf("{", what.start) + 1, what.start))
    : what.before;
  const previous = before.at(-1)?.text ?? "";
  const scope = bodyScope(chain, source, cursor);
  if (previous === "." || previous === "->") {
    const hole = inHole ? source.slice(source.lastIndexOf("{", what.start) + 1) : source;
    const type = typeOf(scope, operandBefore(hole, before.slice(0, -1)));
    const field =
      type === null ? undefined : fieldsOfType(chain.system, type).find(({ name }) => name === word);
    if (field !== undefined) return fieldMarkup(view, chain, field, null);
    if (word === "devices" || word === "groups")
      return [uapi(word), text(`all ${word} of it; only to walk over`)];
  }
  const [member] = [cursor.heads[1]?.map(({ text: head }) => head) ?? []];
  if (next === ":" && cursor.heads.length === 2 && before.length <= 1) {
    const kind = chain.system.kindByName.get(member[1] ?? "");
    const field = chain.system.fields.find((each) => each.kind === kind && each.name === word);
    if (field !== undefined) return fieldMarkup(view, chain, field, null);
  }
  const local = scope.locals.get(word);
  if (local !== undefined) return localMarkup(chain, word, local.type);
  if (errnos.has(word)) {
    const call =
      member.includes("ioctl") || member.includes("op") ? (member[member.indexOf("(") - 1] ?? null) : null;
    return errnoMarkup(view, chain, word, call);
  }
  if (previous === "extends" || previous === "proposal") return proposalMarkup(view, word);
  // `close f` and `set of` are words of the language, whatever calls there are.
  const isCall = next === "(" || previous === "ioctl" || previous === "op";
  const markup = isCall || wordMarkup(word) === null ? memberMarkup(view, chain, word, null) : null;
  return (
    markup ??
    hardwareKind(chain, word) ??
    enumWord(chain, word) ??
    parameterType(chain, before, word) ??
    wordMarkup(word)
  );
}

/** `group`, `device` and so on, as types. */
function hardwareKind({ system }: Usable, word: string): Markup | null {
  const kind = system.kinds[system.kindByName.get(word) ?? -1];
  if (kind?.sort !== "hardware") return null;
  const fields = kind.fields.map((id) => system.fields[id]?.name ?? "?");
  return [...(wordMarkup(word) ?? [uapi(word)]), text(`Fields: ${fields.join(", ")}`)];
}

function enumWord({ system }: Usable, word: string): Markup | null {
  const types = [...system.fields.map(({ type }) => type), ...system.defines.map(({ result }) => result)];
  const found = types.find(({ names }) => names.includes(word));
  return found === undefined ? null : [uapi(word), text(`one of ${found.names.join(", ")}`)];
}

/** A parameter where it is declared: its type follows. */
function parameterType(chain: Usable, before: readonly Token[], word: string): Markup | null {
  const callee = before.findLast(
    ({ kind, text: name }, i) =>
      kind === "word" && before[i + 1]?.text === "(" && chain.system.operations.has(name),
  );
  const param = chain.system.operations.get(callee?.text ?? "")?.params.find(({ name }) => name === word);
  return param === undefined ? null : localMarkup(chain, word, param.type);
}
