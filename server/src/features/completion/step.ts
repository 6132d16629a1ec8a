// Completion in the body of a scenario.

import { readExpression } from "../../engine/read.ts";
import type { World } from "../../engine/world.ts";
import { HARDWARE } from "../../model/system.ts";
import { parseChunk } from "../../syntax/parse.ts";
import { callAt } from "../call-at.ts";
import { shownCell, shownHandle } from "../hover/state.ts";
import { operandBefore, stepScope, typeOf } from "../scope.ts";
import { openBrackets, type Token } from "../tokens.ts";
import { argumentItems } from "./arguments.ts";
import { type Asked, callItems, pathItems } from "./calls.ts";
import { expressionItems, fieldItems } from "./expressions.ts";
import { flowItems } from "./flows.ts";
import { filled, type Item, item, keywords } from "./item.ts";
import { errnoItems, outcomeItems, outcomeOf, ruleItems } from "./outcomes.ts";

export interface StepSpot extends Asked {
  /** The id of the row. */
  readonly row: number;
  /** The scenario has no other step. */
  readonly isOnly: boolean;
}

const outcomes = new Set(["fails", "violates", "ok"]);

export function stepItems(spot: StepSpot): Item[] {
  const { view, chain, world, cursor } = spot;
  const { tokens } = cursor;
  const source = view.document.text;
  const last = tokens.at(-1)?.text ?? "";
  const call = callAt(tokens);
  if (cursor.inside === "string") return stringItems(world, call?.callee ?? "");
  if (last === "fails") return errnoItems(chain, calleeOf(tokens), outcomeBefore(spot));
  if (last === "violates" || (last === "." && tokens.at(-3)?.text === "violates"))
    return ruleItems(chain, outcomeBefore(spot));
  if (last === "." || last === "->") {
    const inStruct = tokens.at(-2)?.text === "{" || tokens.at(-2)?.text === ",";
    return inStruct ? structFields(spot) : dotItems(spot);
  }
  const expects = tokens.some(({ text }) => outcomes.has(text));
  if (expects && openBrackets(tokens).length === 0)
    return last === "or" ? outcomeItems(outcomeBefore(spot)) : keywords(["or"]);
  const first = tokens[0]?.text ?? "";
  if (first === "task") return taskItems(world, tokens);
  if (first === "assert")
    return [...valueHere(spot), ...expressionItems(world.system, stepScope(chain, world), tokens, source)];
  if (call !== null) {
    const operation = world.system.operations.get(call.callee);
    if (call.callee === "open" && call.index === 0) return pathItems(world, false);
    if (call.callee === "ioctl") return call.index === 1 ? operationNames(world) : handleNames(world);
    if (operation !== undefined && !continues(call.part))
      return argumentItems(spot.bench, operation, call, source);
    return expressionItems(world.system, stepScope(chain, world), tokens, source);
  }
  if (tokens.length === 0)
    return [
      ...callItems(spot, "step"),
      ...(spot.isOnly ? flowItems(view, world, spot.fresh) : []),
      ...stepKeywords(world),
    ];
  if (last === "=") return [...callItems(spot, "value"), structItem];
  if (last === ")" || last === ";" || tokens.at(-1)?.kind === "word" || tokens.at(-1)?.kind === "number")
    return last === ")" || last === ";" ? outcomeItems(outcomeBefore(spot)) : [];
  return expressionItems(world.system, stepScope(chain, world), tokens, source);
}

/** An operand is there already, or an operator that wants one of its own. */
const continues = (part: readonly Token[]): boolean => part.length > 0 && part.at(-1)?.text !== "&";

const structItem = item("{ .field = … }", "snippet", {
  ...filled(["{ .", { stop: "field" }, " = ", { stop: "value" }, " }"]),
  detail: "a struct",
  rank: 7,
});

function calleeOf(tokens: readonly Token[]): string | null {
  const at = tokens.findIndex(({ text }) => text === "(");
  const callee = tokens[at - 1]?.text ?? null;
  return callee === "ioctl"
    ? (tokens.slice(at).find((_, i, rest) => rest[i - 1]?.text === ",")?.text ?? null)
    : callee;
}

/** What the step in front of its expectation comes to. */
function outcomeBefore({ view, world, row, cursor }: StepSpot): ReturnType<typeof outcomeOf> {
  const { tokens, statement } = cursor;
  const at = tokens.find(({ text }) => outcomes.has(text))?.start ?? tokens.at(-1)?.end ?? statement;
  return outcomeOf(world, row, view.document.text.slice(statement, at));
}

function stringItems(world: World, callee: string): Item[] {
  if (callee === "open") return pathItems(world, true);
  const { addresses, names } = world.machine.topology;
  return [...addresses].map(([address, index]) =>
    item(address, "hardware", { detail: names[HARDWARE.device]?.[index] ?? "" }),
  );
}

function dotItems({ view, chain, world, cursor }: StepSpot): Item[] {
  const target = operandBefore(view.document.text, cursor.tokens.slice(0, -1));
  const slot = world.slots.get(target);
  if (slot !== undefined && typeof slot !== "string") {
    if (slot.is === "struct")
      return [...slot.fields].map(([name, value]) =>
        item(name, "field", { detail: shownHandle(world, value), rank: 1 }),
      );
    if (slot.is === "thing") {
      const kind = world.system.kinds[Math.floor(slot.ref / 2 ** 20)];
      return (kind?.fields ?? []).flatMap((id): Item[] => {
        const field = world.system.fields[id];
        return field === undefined
          ? []
          : [item(field.name, "field", { detail: `${shownCell(world, field, slot.ref % 2 ** 20)} here` })];
      });
    }
  }
  return target === "" ? [] : fieldItems(world.system, typeOf(stepScope(chain, world), target));
}

/** `.field` in a struct: of the call that gets it, else of any call. */
function structFields({ world, cursor }: StepSpot): Item[] {
  const callee = callAt(cursor.tokens)?.callee;
  const own = callee === undefined ? undefined : world.system.operations.get(callee);
  const operations = own === undefined ? [...world.system.operations.values()] : [own];
  const names = new Set(operations.flatMap(({ params }) => params.map(({ name }) => name)));
  return [...names].map((name) => item(name, "parameter", { insert: `${name} = `, rank: 2 }));
}

function taskItems({ machine }: World, tokens: readonly Token[]): Item[] {
  if (tokens.length === 1)
    return machine.tasks.map((name) => item(name, "handle", { detail: "task", rank: 1 }));
  if (tokens.at(-1)?.text !== "with" && !tokens.some(({ text }) => text === "with"))
    return keywords(["with"]);
  const fields = machine.system.fields.filter(
    ({ kind, name }) => kind === HARDWARE.task && !name.startsWith("("),
  );
  return fields.map(({ name }) => item(name, "field", { insert: `${name} = `, rank: 1 }));
}

const operationNames = ({ system }: World): Item[] =>
  [...system.operations.values()]
    .filter(({ form }) => form === "ioctl")
    .map(({ name }) => item(name, "call", { about: { proposal: system.proposal, name } }));

const handleNames = ({ slots, system }: World): Item[] =>
  [...slots].flatMap(([name, slot]) =>
    typeof slot !== "string" && slot.is === "thing"
      ? [item(name, "handle", { detail: system.kinds[Math.floor(slot.ref / 2 ** 20)]?.name ?? "" })]
      : [],
  );

function stepKeywords(world: World): Item[] {
  const other = world.machine.tasks.find((task) => task !== "main") ?? "other";
  return [
    item("assert", "keyword", { insert: "assert ", rank: 7, about: { word: "assert" } }),
    item("task", "keyword", {
      ...filled(["task ", { stop: other }, " {\n  ", { stop: "" }, "\n}"]),
      rank: 8,
      about: { word: "task" },
    }),
    item("parallel", "keyword", {
      ...filled([
        "parallel {\n  task main { ",
        { stop: "" },
        " }\n  task ",
        { stop: other },
        " { ",
        { stop: "" },
        " }\n}",
      ]),
      rank: 8,
      about: { word: "parallel" },
    }),
  ];
}

/** `assert dma(nic0) == `: what it is here. */
function valueHere({ view, world, cursor }: StepSpot): Item[] {
  const { tokens } = cursor;
  if (tokens.at(-1)?.text !== "==") return [];
  const operand = operandBefore(view.document.text, tokens.slice(0, -1));
  const node = operand === "" ? null : parseChunk("Expression", operand);
  if (node === null || node.kind === "error") return [];
  const handle = readExpression(world, node, null, () => {});
  if (handle.is === "unknown" || handle.is === "nothing" || handle.is === "struct") return [];
  return [item(shownHandle(world, handle), "value", { detail: "as it is here", rank: 0, preselect: true })];
}
