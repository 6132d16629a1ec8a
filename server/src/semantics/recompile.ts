// A chain of proposals that was compiled before, but for the bodies of some calls, defines and rules: they alone are
// compiled, the rest is taken over, moved to where it stands now. What comes out is what compileProposal would give.

import { isSame } from "../base/same.ts";
import type { Site, Stmt } from "../model/ir.ts";
import { isCodeOf, sharesEnvironment } from "../model/same-code.ts";
import { checksOf } from "../model/stored.ts";
import type { Block, Kind } from "../model/system.ts";
import { createValues, retraced } from "../model/values.ts";
import type { Member } from "../syntax/ast.ts";
import { unmoved } from "../syntax/tree.ts";
import { type Basis, type Compiled, declare, finish } from "./compile.ts";
import type { Draft } from "./context.ts";
import { checkRecursion } from "./defines.ts";
import { emptyDraft } from "./draft.ts";
import { effectiveMembers, type Link, type Members, type Placed } from "./members.ts";

type Named = Members["named"][number];

/** Null when there is more to it, or anything is wrong: then it has to be compiled as a whole. */
export function recompileProposal(basis: Basis, chain: readonly Link[]): Compiled | null {
  const { declaration } = chain.at(-1) ?? {};
  const first = emptyDraft(declaration?.name.text ?? "");
  const members = effectiveMembers(first, chain);
  const isLike =
    first.problems.length === 0 &&
    first.proposal === basis.system.proposal &&
    (declaration?.abstract ?? true) === basis.system.abstract;
  const changed = isLike ? changedIn(basis.members, members) : null;
  if (changed === null) return null;

  const values = createValues(basis.tables);
  const draft = { ...moved(basis, movesOf(basis.members, members), members), values };
  const kinds = new Set(changed.map((index) => members.named[index]?.member.kind));
  // What a call comes to depends on defines: it is another one.
  if (kinds.has("define"))
    for (const [name, each] of draft.operations) draft.operations.set(name, { ...each });
  for (const index of changed) if (!compileAgain(basis, draft, members, index)) return null;
  checkRecursion(draft);
  if (draft.problems.length > 0) return null;
  const system = finish(draft, basis.system.abstract, kinds.has("define") ? null : basis.system);
  if (!kinds.has("define") && !kinds.has("rule")) sharesEnvironment(system, basis.system);
  return { system, problems: [], basis: { ...basis, members, draft, system } };
}

/** The named members whose bodies are others; null when more than those differs. */
function changedIn(before: Members, now: Members): readonly number[] | null {
  const { declarations, named } = before;
  if (declarations.length !== now.declarations.length || named.length !== now.named.length) return null;
  if (!declarations.every((each, i) => isTwin(each, now.declarations[i]))) return null;
  const changed: number[] = [];
  for (const [i, old] of named.entries()) {
    const placed = now.named[i];
    if (isTwin(old, placed)) continue;
    if (placed === undefined || !isInPlaceOf(old, placed)) return null;
    changed.push(i);
  }
  return changed;
}

const isSameOrigin = (a: Placed<Member>, b: Placed<Member>): boolean =>
  a.proposal === b.proposal && a.origin.uri === b.origin.uri && a.origin.item === b.origin.item;

/** The same, wherever it stands. */
const isTwin = (old: Placed<Member>, now: Placed<Member> | undefined): boolean =>
  now !== undefined && isSameOrigin(old, now) && unmoved(old.member).of === unmoved(now.member).of;

function isInPlaceOf(old: Named, now: Named): boolean {
  const { kind, name } = now.member;
  if (!isSameOrigin(old, now) || old.member.kind !== kind || old.member.name.text !== name.text) return false;
  if (kind === "define")
    return old.member.kind === kind && (old.member.body === null) === (now.member.body === null);
  return kind === "operation" || kind === "rule";
}

/** Compiles it as at first, all else being there; false when others would notice. */
function compileAgain(basis: Basis, draft: Draft, members: Members, index: number): boolean {
  const [placed, spent] = [members.named[index], basis.spent[index]];
  if (placed === undefined || spent === undefined) return false;
  const { kind, name } = placed.member;
  const id = kind === "define" ? draft.defineByName.get(name.text) : ruleIndex(members, index);
  const again = retraced(draft.values);
  const body = declare({ ...draft, values: again.values }, placed, id ?? null);
  if (!again.isAsFirst(...spent.signature)) return false;
  if (kind === "define" && !isSameSignature(basis, draft, id ?? -1)) return false;
  body();
  return again.isAsFirst(...spent.body);
}

/** How many rules stand in front of it. */
const ruleIndex = ({ named }: Members, index: number): number =>
  named.slice(0, index).filter(({ member }) => member.kind === "rule").length;

function isSameSignature({ system }: Basis, draft: Draft, id: number): boolean {
  const [old, now] = [system.defines[id], draft.defines[id]];
  return isSame([old?.params, old?.result], [now?.params, now?.result]);
}

// ---------------------------------------------------------------- what is the same, elsewhere

type Move = (site: Site) => Site;

/** Where things stand that were not compiled again; null: all where they stood. */
function movesOf(before: Members, now: Members): Move | null {
  const moves = new Map<string, { readonly start: number; readonly end: number; readonly by: number }[]>();
  const add = (
    { member: old, origin: { uri, item } }: Placed<Member>,
    at: Placed<Member> | undefined,
  ): void => {
    const by = at === undefined ? 0 : at.member.start - old.start;
    if (by === 0) return;
    const key = `${uri} ${item}`;
    const own = moves.get(key) ?? [];
    moves.set(key, own);
    own.push({ start: old.start, end: old.end, by });
  };
  before.declarations.forEach((old, i) => {
    add(old, now.declarations[i]);
  });
  before.named.forEach((old, i) => {
    add(old, now.named[i]);
  });
  if (moves.size === 0) return null;
  return (site) => {
    const own = moves.get(`${site.uri} ${site.item}`);
    const by = own?.find(({ start, end }) => start <= site.start && site.end <= end)?.by;
    return by === undefined ? site : { ...site, start: site.start + by, end: site.end + by };
  };
}

/** The draft of a System, to be changed and finished again. */
function moved({ draft }: Basis, move: Move | null, members: Members): Draft {
  const effects: Draft["effects"] = new Map();
  for (const { member, origin } of members.named)
    if (member.kind === "effect") effects.set(member.name.text, { member, origin });
  const own = { ...draft, effects, problems: [] };
  const { operations, hazards } = draft;
  if (move === null)
    return { ...own, defines: [...draft.defines], rules: [...draft.rules], operations: new Map(operations) };
  const placed = <T extends { readonly site: Site | null }>(each: T): T => {
    const site = each.site === null ? null : move(each.site);
    return site === each.site ? each : { ...each, site };
  };
  const body = (statements: readonly Stmt[]): readonly Stmt[] => movedBody(statements, move);
  return {
    ...own,
    kinds: draft.kinds.map((kind) => placed({ ...kind, on: movedBlocks(kind.on, body) })),
    fields: draft.fields.map(placed),
    defines: draft.defines.map(placed),
    hazards: new Map([...hazards].map(([name, hazard]) => [name, placed(hazard)])),
    operations: new Map(
      [...operations].map(([name, each]) => [name, placed({ ...each, body: body(each.body) })]),
    ),
    rules: draft.rules.map((rule) => {
      const own = body(rule.body);
      return placed(own === rule.body ? rule : { ...rule, body: own, checks: checksOf(own) });
    }),
  };
}

function movedBlocks(on: Kind["on"], body: (of: readonly Stmt[]) => readonly Stmt[]): Kind["on"] {
  const block = (of: Block | null): Block | null => (of === null ? null : { ...of, body: body(of.body) });
  return { open: block(on.open), close: block(on.close), release: block(on.release) };
}

/** The same list if nothing in it moves. */
function movedBody(body: readonly Stmt[], move: Move): readonly Stmt[] {
  const statements = body.map((statement) => movedStatement(statement, move));
  if (statements.every((each, i) => each === body[i])) return body;
  isCodeOf(statements, body);
  return statements;
}

function movedStatement(statement: Stmt, move: Move): Stmt {
  switch (statement.do) {
    case "require":
    case "fail": {
      const site = move(statement.site);
      return site === statement.site ? statement : { ...statement, site };
    }
    case "for": {
      const body = movedBody(statement.body, move);
      return body === statement.body ? statement : { ...statement, body };
    }
    case "if": {
      const [then, otherwise] = [movedBody(statement.then, move), movedBody(statement.otherwise, move)];
      const isSame = then === statement.then && otherwise === statement.otherwise;
      return isSame ? statement : { ...statement, then, otherwise };
    }
    default:
      return statement;
  }
}
