// Completion in proposals: members, fields, statements, types.

import type { Usable } from "../../analysis/proposals.ts";
import type { View } from "../../analysis/session.ts";
import { showType } from "../../semantics/context.ts";
import { errnos } from "../../semantics/errnos.ts";
import type { Member } from "../../syntax/ast.ts";
import type { Cursor } from "../cursor.ts";
import { headOf, kindNamed, membersNamed } from "../declared.ts";
import { errnosIn } from "../hover/checks.ts";
import { errnoMeanings } from "../keyword-docs.ts";
import { bodyScope, operandBefore, typeOf } from "../scope.ts";
import { openBrackets, type Token, tokensOf } from "../tokens.ts";
import { expressionItems, fieldItems, setItems, typeItems } from "./expressions.ts";
import { filled, type Item, item, keywords, type Piece } from "./item.ts";
import { memberSnippets, statementSnippets } from "./snippets.ts";

export function proposalItems(view: View, chain: Usable, cursor: Cursor): Item[] {
  const words = cursor.heads[1]?.map(({ text }) => text) ?? [];
  if (cursor.inside === "string") return holeItems(view, chain, cursor);
  const last = cursor.tokens.at(-1)?.text ?? "";
  if (last === "." || last === "->") {
    const operand = operandBefore(view.document.text, cursor.tokens.slice(0, -1));
    return fieldItems(chain.system, typeOf(bodyScope(chain, view.document.text, cursor), operand));
  }
  if (cursor.heads.length === 1) return memberItems(view, chain, cursor);
  const isFields = ["fd", "object", "state", "fact"].includes(words[0] ?? "");
  if (isFields && cursor.heads.length === 2) return fieldLevelItems(view, chain, cursor, words[0] ?? "");
  return statementItems(view, chain, cursor, words.includes("rule"));
}

/** `{f.device}` in a message. */
function holeItems(view: View, chain: Usable, cursor: Cursor): Item[] {
  const source = view.document.text;
  const open = source.lastIndexOf("{", cursor.offset - 1);
  if (open < cursor.start || source.slice(open, cursor.offset).includes("}")) return [];
  const scope = bodyScope(chain, source, cursor);
  const tokens = tokensOf(source.slice(open + 1, cursor.offset), open + 1);
  const before = tokens.at(-1)?.kind === "word" ? tokens.slice(0, -1) : tokens;
  return before.at(-1)?.text === "."
    ? fieldItems(chain.system, typeOf(scope, operandBefore(source, before.slice(0, -1))))
    : expressionItems(chain.system, scope, before, source);
}

// ---------------------------------------------------------------- members

const memberWords = new Set(["ioctl", "op", "define", "rule", "effect", "const", "hazard"]);

function memberItems(view: View, chain: Usable, cursor: Cursor): Item[] {
  const { tokens } = cursor;
  const texts = tokens.map(({ text }) => text);
  const last = texts.at(-1) ?? "";
  const [first = ""] = texts;
  const open = openBrackets(tokens);
  if (tokens.length === 0) return [...memberSnippets(), ...observables(chain)];
  if (last === "remove") return inherited(chain, () => true);
  if (last === "override") return keywords([...memberWords]).map(spaced);
  if (first === "override" && memberWords.has(last))
    return inherited(chain, (member) => wordOf(member) === last);
  if (["warning", "error", "info", "off"].includes(last)) return keywords(["rule", "hazard"]).map(spaced);
  if (last === "state" || last === "fact")
    return setItems(chain.system).filter(({ detail }) => detail === "hardware");
  if (last === "define")
    return observables(chain).map((each) => ({
      ...each,
      label: each.label.replace("define ", ""),
      insert: each.insert.replace("define ", ""),
      snippet: each.snippet?.replace("define ", "") ?? null,
    }));
  if (memberWords.has(last) || ["fd", "object", "role", "type"].includes(last)) return [];
  if ((first === "fd" || first === "object") && open.length === 0) return kindClauses(chain, texts);
  if (isTypePlace(tokens)) return typeItems(chain.system, aliasesOf(chain));
  if (texts.includes("=") || texts.includes("{")) return expression(view, chain, cursor);
  return last === ")" ? [item("->", "keyword", { insert: "-> " }), ...keywords(["as"])] : [];
}

const spaced = (each: Item): Item => ({ ...each, insert: `${each.label} ` });

function kindClauses({ system }: Usable, texts: readonly string[]): Item[] {
  const last = texts.at(-1);
  if (last === "is" || (last === "," && texts.includes("is")))
    return [...system.roles.keys()]
      .filter((name) => name !== "fd")
      .map((name) => item(name, "type", { detail: "role" }));
  if (last === "in") return setItems(system).filter(({ detail }) => detail === "fd" || detail === "object");
  const clauses = texts[0] === "fd" ? ["is", "opens", "exclusive"] : ["in", "numbered", "is"];
  return keywords(clauses.filter((word) => !texts.includes(word))).map(spaced);
}

/** Behind a `:` that is no quantifier's, `|`, `->`, `set of`. */
function isTypePlace(tokens: readonly Token[]): boolean {
  const last = tokens.at(-1)?.text;
  if (last === "->" || (last === "of" && tokens.at(-2)?.text === "set")) return true;
  const isValue = tokens.some(
    ({ text }, i) => text === "=" && !tokens.slice(i).some((token) => token.text === ","),
  );
  if (last === ":") return !isValue;
  return last === "|" && !isValue;
}

const aliasesOf = ({ links }: Usable): string[] =>
  links.flatMap(({ declaration }) =>
    declaration.body.flatMap((member) => (member.kind === "alias" ? [member.name.text] : [])),
  );

const wordOf = (member: Member): string => (member.kind === "operation" ? member.form : member.kind);

/** Members of the bases that can be overridden or removed. */
function inherited({ links, system }: Usable, fits: (member: Member) => boolean): Item[] {
  const found = links.slice(0, -1).flatMap(({ declaration }) =>
    declaration.body.flatMap((member): [string, string][] => {
      if (!memberWords.has(wordOf(member)) || !("name" in member) || !fits(member)) return [];
      return [[member.name.text, `${wordOf(member)} of ${declaration.name.text}`]];
    }),
  );
  return [...new Map(found)].map(([name, detail]) =>
    item(name, "define", { detail, about: { proposal: system.proposal, name } }),
  );
}

/** Observables that nobody has defined yet. */
function observables(chain: Usable): Item[] {
  const { system } = chain;
  return system.defines.flatMap(({ name, body }): Item[] => {
    const [declared] = membersNamed(chain, name);
    if (body !== null || declared === undefined) return [];
    return [
      item(`define ${name}`, "define", {
        detail: "the rules ask for it",
        ...filled([`${headOf(declared.member)} = `, { stop: "none" }]),
        rank: 0,
        about: { proposal: system.proposal, name },
      }),
    ];
  });
}

// ---------------------------------------------------------------- fields

function fieldLevelItems(view: View, chain: Usable, cursor: Cursor, word: string): Item[] {
  const { tokens } = cursor;
  const last = tokens.at(-1)?.text ?? "";
  const events = word === "fd" ? ["open", "close", "release"] : ["destroy"];
  if (tokens.length === 0) {
    if (word !== "fd" && word !== "object") return [];
    const blocks = events.map((event) =>
      item(`on ${event}`, "snippet", {
        ...filled([`on ${event} {\n  `, { stop: "" }, "\n}"]),
        rank: 2,
        about: { word: "on" },
      }),
    );
    return [...blocks, ...keywords(["weak"]).map(spaced)];
  }
  if (last === "on") return events.map((event) => item(event, "keyword"));
  if (isTypePlace(tokens)) return typeItems(chain.system, aliasesOf(chain));
  return tokens.some(({ text }) => text === "=") ? expression(view, chain, cursor) : [];
}

// ---------------------------------------------------------------- statements

function expression(view: View, chain: Usable, cursor: Cursor): Item[] {
  const scope = bodyScope(chain, view.document.text, cursor);
  return expressionItems(chain.system, scope, cursor.tokens, view.document.text);
}

function statementItems(view: View, chain: Usable, cursor: Cursor, inRule: boolean): Item[] {
  const { tokens } = cursor;
  const { system } = chain;
  const texts = tokens.map(({ text }) => text);
  const [first = ""] = texts;
  const last = texts.at(-1) ?? "";
  if (tokens.length === 0) {
    const scope = bodyScope(chain, view.document.text, cursor);
    const locals = [...scope.locals.keys()].map((name) => item(name, "handle", { rank: 2 }));
    return inRule ? statementSnippets(true) : [...statementSnippets(false), ...locals, ...effectItems(chain)];
  }
  if (last === "require")
    return [...expression(view, chain, cursor), ...keywords(["since", "until"], 8).map(spaced)];
  const otherwise = texts.lastIndexOf("else");
  if (
    first === "require" &&
    otherwise !== -1 &&
    !texts.slice(otherwise).includes("if") &&
    !conditional(texts)
  ) {
    const behind = texts.slice(otherwise + 1);
    if (behind.length === 0)
      return inRule
        ? []
        : [...answerItems(chain), ...keywords(["warning", "error", "info", "off"], 8).map(spaced)];
    const severity = ["warning", "error", "info", "off"].includes(behind[0] ?? "");
    return severity && behind.length === 1
      ? [...system.hazards.values()].map(({ name, why }) =>
          item(name, "rule", { detail: why, about: { proposal: system.proposal, name } }),
        )
      : [];
  }
  if (last === "fail") return answerItems(chain);
  if (last === "new") return setItems(system).filter(({ detail }) => detail === "fd" || detail === "object");
  const made = newFields(chain, tokens);
  if (made !== null) return made;
  if (last === "let" || (first === "for" && tokens.length === 1)) return [];
  if (first === "for" && tokens.length === 2) return keywords(["in"]).map(spaced);
  if (first === "require" && (last === ")" || tokens.at(-1)?.kind === "word"))
    return [...keywords(["else"], 1).map(spaced), ...expression(view, chain, cursor)];
  return expression(view, chain, cursor);
}

/** The last `else` belongs to an `if … then … else`. */
const conditional = (texts: readonly string[]): boolean =>
  texts.filter((text) => text === "then").length >= texts.filter((text) => text === "else").length;

/** `new T { field: … }`: the fields that are not given yet. */
function newFields({ system }: Usable, tokens: readonly Token[]): Item[] | null {
  const brace = openBrackets(tokens).findLast(({ bracket }) => bracket === "{");
  if (brace === undefined || tokens[brace.index - 2]?.text !== "new") return null;
  const part = tokens.slice(brace.part);
  if (part.length > 0) return null;
  const kind = kindNamed(system, tokens[brace.index - 1]?.text ?? "");
  const given = new Set(tokens.slice(brace.index).map(({ text }) => text));
  return (kind?.fields ?? []).flatMap((id): Item[] => {
    const field = system.fields[id];
    if (field === undefined || given.has(field.name) || id === kind?.ownerField || id === kind?.idField)
      return [];
    return [item(field.name, "field", { insert: `${field.name}: `, detail: showType(system, field.type) })];
  });
}

/** Errnos, those that this proposal uses first. */
function answerItems({ links }: Usable): Item[] {
  const bodies =
    links.at(-1)?.declaration.body.flatMap((member) => (member.kind === "operation" ? member.body : [])) ??
    [];
  const used = new Set(errnosIn(bodies));
  return [...errnos]
    .filter((name) => used.has(name) || errnoMeanings.has(name))
    .map((name) =>
      item(name, "errno", { detail: errnoMeanings.get(name) ?? "", rank: used.has(name) ? 1 : 2 }),
    );
}

function effectItems({ links }: Usable): Item[] {
  return links.flatMap(({ declaration }) =>
    declaration.body.flatMap((member): Item[] => {
      if (member.kind !== "effect") return [];
      const args = member.params.flatMap(({ name }, i): Piece[] => [
        i === 0 ? "" : ", ",
        { stop: name.text },
      ]);
      return [
        item(member.name.text, "call", {
          detail: "effect",
          ...filled([`${member.name.text}(`, ...args, ")"]),
          rank: 3,
        }),
      ];
    }),
  );
}
