// The parameters of the call at the cursor, and what could be given for each. Pure: a view and an offset in, plain data out.

import type { Usable } from "../analysis/proposals.ts";
import type { View } from "../analysis/session.ts";
import type { World } from "../engine/world.ts";
import type { Type } from "../model/system.ts";
import { showType } from "../semantics/context.ts";
import type { Parameter } from "../syntax/ast.ts";
import { printExpression, printType } from "../syntax/print.ts";
import { type CallAt, callAt } from "./call-at.ts";
import { benchOf, choicesFor } from "./completion/choices.ts";
import { type Cursor, cursorAt } from "./cursor.ts";
import { chainOf, docParts, membersNamed, proposalOfItem, summaryOf, systemsOf } from "./declared.ts";
import { builtInDocs } from "./keyword-docs.ts";
import { code, type Inline, type Markup, text, withCode } from "./markup.ts";
import { lookBefore, stepAt } from "./trial.ts";

export interface Signature {
  readonly label: string;
  /** What is said of the whole call. */
  readonly markup: Markup;
  /** Where each parameter stands in the label. */
  readonly parameters: readonly { readonly start: number; readonly end: number; readonly markup: Markup }[];
  /** Null behind the last one. */
  readonly active: number | null;
}

export const signatureTriggers = ["(", ",", ":"];

export function signatureAt(view: View, offset: number): Signature | null {
  const cursor = cursorAt(view, offset);
  if (cursor.inside === "comment") return null;
  const call = callAt(cursor.tokens);
  if (call === null) return null;
  if (call.callee === "open" || call.callee === "ioctl") return known(call);
  const words = cursor.heads[0]?.map(({ text: word }) => word) ?? [];
  if (words.includes("scenario")) return inScenario(view, cursor, call);
  const declaration = cursor.item?.item.declaration;
  if (declaration?.kind !== "proposal" || cursor.item === null) return null;
  return signatureOf(proposalOfItem(view, declaration, cursor.item.item.id), call, () => null);
}

function inScenario(view: View, cursor: Cursor, call: CallAt): Signature | null {
  const place = stepAt(view, cursor.offset);
  const chain = place === null ? systemsOf(view)[0] : chainOf(view, place.run.world.system);
  if (chain === undefined || chain === null) return null;
  if (place === null) return signatureOf(chain, call, () => null);
  return lookBefore(place, cursor.statement, (world) =>
    signatureOf(chain, call, (index) => fitting(view, world, call.callee, index)),
  );
}

/** What there is to give for a parameter here. */
function fitting(view: View, world: World, callee: string, index: number): string | null {
  const operation = world.system.operations.get(callee);
  if (operation === undefined) return null;
  const names = choicesFor(benchOf(view, world), operation, index)
    .filter(({ fits, kind }) => fits && kind !== "value")
    .map(({ text: name }) => name);
  return names.length === 0 ? null : names.slice(0, 6).join(", ");
}

/** `here`: what could be given for a parameter in the state at the cursor. */
function signatureOf(chain: Usable, call: CallAt, here: (index: number) => string | null): Signature | null {
  const { system } = chain;
  const found = membersNamed(chain, call.callee).find(({ member }) => "params" in member);
  if (found === undefined || !("params" in found.member)) return known(call);
  const { member } = found;
  const declared =
    system.operations.get(call.callee) ?? system.defines[system.defineByName.get(call.callee) ?? -1];
  const result = member.kind === "operation" ? member.result : member.kind === "define" ? member.type : null;
  const arrow = member.kind === "define" ? ": " : " -> ";
  const tail = result === null ? "" : `${arrow}${printType(result)}`;
  const params = member.params.map((param, index) => ({
    shown: shownParameter(param),
    markup: roleOf(chain, param, declared?.params[index]?.type ?? null, here(index)),
  }));
  const active = activeOf(
    call,
    member.params.map(({ name }) => name.text),
  );
  return { ...laidOut(call.callee, params, tail), active, markup: docParts(member.doc).text.slice(0, 1) };
}

function laidOut(
  callee: string,
  params: readonly { readonly shown: string; readonly markup: Markup }[],
  tail: string,
): Pick<Signature, "label" | "parameters"> {
  let label = `${callee}(`;
  const parameters = params.map(({ shown, markup }, i) => {
    if (i > 0) label += ", ";
    const start = label.length;
    label += shown;
    return { start, end: label.length, markup };
  });
  return { label: `${label})${tail}`, parameters };
}

function activeOf({ name, index }: CallAt, names: readonly string[]): number | null {
  const at = name === null ? index : names.indexOf(name);
  return at >= 0 && at < names.length ? at : null;
}

const shownParameter = ({ name, type, value }: Parameter): string =>
  `${name.text}: ${printType(type)}${value === null ? "" : ` = ${printExpression(value)}`}`;

/** What the parameter is for: its kind, whether it may be left out, and what there is of it. */
function roleOf({ system }: Usable, param: Parameter, type: Type | null, here: string | null): Markup {
  const kind = type?.kinds.length === 1 ? system.kinds[type.kinds[0] ?? -1] : undefined;
  const what: Inline[] =
    kind === undefined || kind.doc.length === 0
      ? type === null
        ? []
        : [code(showType(system, type))]
      : [code(kind.name), ": ", ...withCode(summaryOf(kind.doc))];
  const left =
    param.value === null
      ? type?.optional === true
        ? "may be none"
        : ""
      : `${printExpression(param.value)} if left out`;
  return [
    ...(what.length === 0 ? [] : [text(...what)]),
    ...(left === "" ? [] : [text(left)]),
    ...(here === null ? [] : [text(`here: ${here}`)]),
  ];
}

/** Functions of the language. */
function known(call: CallAt): Signature | null {
  const { callee } = call;
  if (callee === "open") {
    const params = [
      { shown: "path", markup: [text("a quoted path, as the proposal's fds open it")] },
      { shown: "flags", markup: [text("O_RDWR and the like; they mean nothing here")] },
    ];
    return {
      ...laidOut("open", params, " -> fd"),
      active: Math.min(call.index, 1),
      markup: [text("the file belongs to the calling task")],
    };
  }
  if (callee === "ioctl") {
    const params = [
      { shown: "fd", markup: [text("the file, which is the first argument of the call")] },
      { shown: "OP", markup: [text("the call")] },
      { shown: "arg", markup: [text("its other argument, or a struct with all of them by name")] },
    ];
    return {
      ...laidOut("ioctl", params, ""),
      active: Math.min(call.index, 2),
      markup: [text("the spelling of C; ", code("OP(fd, arg)"), " is the same")],
    };
  }
  const builtIn = builtInDocs.get(callee);
  if (builtIn === undefined) return null;
  const [, inner = "", tail = ""] = /^\w+\(([^)]*)\)(.*)$/.exec(builtIn.head) ?? [];
  const names = inner.split(", ");
  const params = names.map((shown) => ({ shown, markup: [] }));
  const active = call.index < names.length ? call.index : null;
  return { ...laidOut(callee, params, tail), active, markup: [text(builtIn.doc)] };
}
