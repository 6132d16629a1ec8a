// Arguments of a call in a scenario: what makes the call succeed first, then what fits and would be refused, with the
// reason.

import { readExpression } from "../../engine/read.ts";
import type { World } from "../../engine/world.ts";
import type { Operation, Parameter } from "../../model/system.ts";
import { showType } from "../../semantics/context.ts";
import { parseChunk } from "../../syntax/parse.ts";
import type { CallAt } from "../call-at.ts";
import type { Token } from "../tokens.ts";
import { type Attempt, bestCall, type Fixed, shownAttempt } from "./attempts.ts";
import { makers } from "./calls.ts";
import { type Bench, type Choice, choicesFor } from "./choices.ts";
import { type Item, item, keywords } from "./item.ts";

export function argumentItems(bench: Bench, operation: Operation, call: CallAt, source: string): Item[] {
  const { world } = bench;
  const { params } = operation;
  const named = call.name === null ? -1 : params.findIndex(({ name }) => name === call.name);
  const index = named === -1 ? call.index : named;
  const param = params[index];
  const given = givenBefore(bench, operation, call, source);
  const taken = new Set([...(given?.keys() ?? []), index]);
  const names =
    call.part.length > 0 || call.name !== null ? [] : parameterItems(world, operation, taken, call.struct);
  if (param === undefined || (call.struct && call.name === null)) return names;
  const items = choicesFor(bench, operation, index).map((choice) => {
    const found = given === null ? null : bestCall(bench, operation, new Map([...given, [index, choice]]));
    const attempt = found === null || "missing" in found ? null : found.attempt;
    return choiceItem(world, choice, attempt);
  });
  const none = param.type.optional ? keywords(["none"], 5) : [];
  return [...items, ...structs(world, call), ...none, ...makers(bench, param.type.kinds), ...names];
}

function choiceItem(world: World, choice: Choice, attempt: Attempt | null): Item {
  const { text, kind, fits } = choice;
  const about = kind === "constant" ? { about: { proposal: world.system.proposal, name: text } } : {};
  const works = attempt?.is === "ok" ? 1 : attempt?.is === "breaks" ? 2 : attempt === null ? 2 : 3;
  return item(text, kind, {
    detail: attempt === null ? "" : shownAttempt(attempt),
    rank: fits ? works : 4,
    ...about,
  });
}

/** Named arguments for what has not been given: `flags: `, or `.flags = ` in a struct. */
function parameterItems(
  world: World,
  { params }: Operation,
  taken: ReadonlySet<number>,
  struct: boolean,
): Item[] {
  return params.flatMap((param, i): Item[] => {
    if (taken.has(i) && !struct) return [];
    if (!struct && !isOptional(param)) return [];
    const label = struct ? `.${param.name} = ` : `${param.name}: `;
    return [
      item(label.trim(), "parameter", {
        detail: showType(world.system, param.type),
        insert: label,
        rank: struct ? 1 : 7,
      }),
    ];
  });
}

const isOptional = ({ initial, type }: Parameter): boolean => initial !== null || type.optional;

/** Structs that were filled in front of the call. */
function structs({ slots }: World, { name }: CallAt): Item[] {
  if (name !== null) return [];
  return [...slots].flatMap(([slot, handle]) =>
    typeof handle !== "string" && handle.is === "struct"
      ? [item(slot, "handle", { detail: "a struct", rank: 5 })]
      : [],
  );
}

/** The arguments in front of the cursor as values; null when one of them is not known. */
function givenBefore(bench: Bench, operation: Operation, { before }: CallAt, source: string): Fixed | null {
  const given = new Map<number, Choice>();
  for (const [position, part] of before.entries()) {
    const named =
      part[1]?.text === ":" ? operation.params.findIndex(({ name }) => name === part[0]?.text) : -1;
    const index = named === -1 ? position : named;
    const text = textOf(source, named === -1 ? part : part.slice(2));
    const choice =
      choicesFor(bench, operation, index).find((each) => each.text === text) ??
      read(bench.world, operation, index, text);
    if (choice === null) return null;
    given.set(index, choice);
  }
  return given;
}

const textOf = (source: string, tokens: readonly Token[]): string =>
  source.slice(tokens[0]?.start ?? 0, tokens.at(-1)?.end ?? 0);

function read(world: World, operation: Operation, index: number, text: string): Choice | null {
  const node = parseChunk("Expression", text);
  if (node.kind === "error" || node.kind === "call" || node.kind === "struct") return null;
  const handle = readExpression(world, node, operation.params[index]?.type ?? null, () => {});
  if (handle.is === "thing") return { text, value: handle.ref, kind: "handle", fits: true };
  return handle.is === "number" || handle.is === "range"
    ? { text, value: handle.value, kind: "value", fits: true }
    : null;
}
