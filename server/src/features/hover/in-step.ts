// Hovers in the body of a scenario: names in the state in front of their step.

import type { Usable } from "../../analysis/proposals.ts";
import type { View } from "../../analysis/session.ts";
import { readExpression } from "../../engine/read.ts";
import { openTable } from "../../model/paths.ts";
import { HARDWARE } from "../../model/system.ts";
import { reference } from "../../model/values.ts";
import { errnos } from "../../semantics/errnos.ts";
import type { Call } from "../../syntax/ast.ts";
import { chainOf, systemsOf } from "../declared.ts";
import { type Markup, strong, text, uapi } from "../markup.ts";
import { fieldsOfType, operandBefore, stepScope, typeOf } from "../scope.ts";
import { openBrackets, type Token } from "../tokens.ts";
import { pathAt } from "../tree.ts";
import { leafAt, lookBefore, lookBehind, type StepPlace } from "../trial.ts";
import { callMarkup, openMarkup } from "./call.ts";
import { hardwareKind } from "./in-proposal.ts";
import type { Pointed } from "./pointed.ts";
import { handleMarkup, hardwareMarkup, shownCell, shownHandle } from "./state.ts";
import { errnoMarkup, fieldMarkup, localMarkup, memberMarkup, wordMarkup } from "./symbols.ts";

/** Where nothing runs: names of the proposals in use. */
export function stepless(view: View, { text: word, before, kind }: Pointed): Markup | null {
  if (kind === "string") return null;
  const chains = systemsOf(view);
  if (errnos.has(word)) return errnoMarkup(view, chains[0] ?? null, word, calleeIn(before));
  for (const chain of chains) {
    const markup = memberMarkup(view, chain, word, null);
    if (markup !== null) return markup;
  }
  return null;
}

export function inStep(view: View, place: StepPlace, what: Pointed, offset: number): Markup | null {
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
    // What the step breaks is broken behind it.
    if (previous !== "fails") return lookBehind(place, (world) => memberMarkup(view, chain, word, world));
  }
  if (previous === "." || previous === "->") {
    const rule = before.at(-3)?.text === "violates";
    return rule
      ? lookBehind(place, (world) => memberMarkup(view, chain, word, world))
      : fieldHere(view, chain, place, what, offset);
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
  return (
    lookBefore(place, offset, (world) => memberMarkup(view, chain, word, world)) ??
    hardwareKind(chain, word) ??
    wordMarkup(word)
  );
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
