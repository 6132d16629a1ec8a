// Hovers in a proposal: parameters, fields, defines and whatever else its bodies name.

import type { Usable } from "../../analysis/proposals.ts";
import type { View } from "../../analysis/session.ts";
import { errnos } from "../../semantics/errnos.ts";
import type { Cursor } from "../cursor.ts";
import { type Markup, text, uapi } from "../markup.ts";
import { bodyScope, fieldsOfType, operandBefore, typeOf } from "../scope.ts";
import { type Token, tokensOf } from "../tokens.ts";
import type { Pointed } from "./pointed.ts";
import {
  errnoMarkup,
  fieldMarkup,
  localMarkup,
  memberMarkup,
  proposalMarkup,
  wordMarkup,
} from "./symbols.ts";

export function inProposal(view: View, chain: Usable, cursor: Cursor, what: Pointed): Markup | null {
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
export function hardwareKind({ system }: Usable, word: string): Markup | null {
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
