// A chain of proposal declarations (core … derived) -> System, or the problems that prevent it.

import { fieldsOfExpression, fieldsRead } from "../model/reads.ts";
import { codeOf } from "../model/same-code.ts";
import { checksOf } from "../model/stored.ts";
import type { Block, Define, Operation, Parameter, Rule, System, Type } from "../model/system.ts";
import type { Sizes, Tables } from "../model/values.ts";
import type {
  Call,
  Effect,
  FdDeclaration,
  Member,
  ObjectDeclaration,
  OnBlock,
  Parameter as ParameterNode,
  Statement,
} from "../syntax/ast.ts";
import { printMember } from "../syntax/print.ts";
import type { Draft, Origin, Problem, Scope } from "./context.ts";
import { addLocal, createScope, INT, referenceType, report, siteOf, UNKNOWN } from "./context.ts";
import { checkRecursion } from "./defines.ts";
import { emptyDraft } from "./draft.ts";
import { compileAs } from "./expressions.ts";
import { fold } from "./fold.ts";
import { addDeclarations, addHardware } from "./kinds.ts";
import { effectiveMembers, type Link, type Members, type Placed } from "./members.ts";
import { compileBody } from "./statements.ts";
import { resolveType } from "./types.ts";

export interface Compiled {
  readonly system: System;
  readonly problems: readonly Problem[];
  /** Null if there are problems. */
  readonly basis: Basis | null;
}

/** What was compiled, for who compiles nearly the same: see recompile.ts. */
export interface Basis {
  readonly members: Members;
  readonly draft: Draft;
  readonly system: System;
  /** By named member: how many values there were in front of and behind its signature and its body. */
  readonly spent: readonly Spent[];
  readonly tables: Tables;
}

export interface Spent {
  readonly signature: readonly [Sizes, Sizes];
  readonly body: readonly [Sizes, Sizes];
}

/** `told` hears what the names in all bodies stand for. */
export function compileProposal(chain: readonly Link[], told: Draft["refer"] = null): Compiled {
  const last = chain[chain.length - 1];
  const draft = emptyDraft(last?.declaration.name.text ?? "", told);
  addHardware(draft);
  const members = effectiveMembers(draft, chain);
  const { declarations, named } = members;
  for (const { member, origin } of named) {
    if (member.kind !== "const") continue;
    const value = fold(draft.values, compileAs(createScope(draft, origin), member.value, INT, "a constant"));
    if (value === null)
      report({ draft, origin }, member.value, { code: "type-mismatch", message: "this is not constant" });
    draft.constants.set(member.name.text, value ?? 0);
  }
  addDeclarations(draft, declarations);

  const sizes = (make: () => void): readonly [Sizes, Sizes] => {
    const before = draft.values.sizes();
    make();
    return [before, draft.values.sizes()];
  };
  // Signatures first, so that bodies may use what is declared below them.
  const bodies: (() => void)[] = [];
  const signatures = named.map((placed) => sizes(() => bodies.push(declare(draft, placed))));
  const spent = bodies.map((body, i): Spent => {
    const own = sizes(body);
    return { signature: signatures[i] ?? own, body: own };
  });
  for (const placed of declarations) {
    if (placed.member.kind === "fd" || placed.member.kind === "object")
      compileBlocks(draft, placed.member, placed.origin);
  }
  checkRecursion(draft);
  if (last !== undefined && !last.declaration.abstract) checkObservables(draft, last, named);

  const system = finish(draft, last?.declaration.abstract ?? true, null);
  const { problems } = draft;
  const isClean = problems.length === 0 && told === null;
  const basis = isClean ? { members, draft, system, spent, tables: draft.values.tables() } : null;
  return { system, problems, basis };
}

/** The signature at once, and what compiles the body. `at`: in the place of a define or rule that was there before. */
export function declare(
  draft: Draft,
  { member, origin, proposal }: Members["named"][number],
  at: number | null = null,
): () => void {
  switch (member.kind) {
    case "define":
      return declareDefine(draft, member, origin, at ?? draft.defines.length);
    case "effect":
      return declareEffect(draft, member, origin);
    case "operation":
      return declareOperation(draft, member, origin, proposal);
    case "rule":
      return declareRule(draft, member, origin, proposal, at);
    case "hazard": {
      const { name, severity, why, doc } = member;
      const site = siteOf(origin, name);
      draft.hazards.set(name.text, { name: name.text, severity, why: why?.value ?? "", doc, proposal, site });
      return () => undefined;
    }
    case "const":
      return () => undefined;
    default:
      return member satisfies never;
  }
}

/** `like` has the same defines, so that it is known what they read. */
export function finish(draft: Draft, abstract: boolean, like: System | null): System {
  const { proposal, values, kinds, fields, kindByName, roles, operations, defines, defineByName, constants } =
    draft;
  const rules = draft.rules.map((rule, i): Rule => {
    const known = like?.rules[i];
    if (known !== undefined && codeOf(known.body) === codeOf(rule.body))
      return { ...rule, reads: known.reads };
    const reads = new Set(fieldsRead(draft, rule.body));
    // A binding comes and goes with what it binds.
    for (const param of rule.params) for (const kind of param.kinds) reads.add(kinds[kind]?.alive ?? -1);
    return { ...rule, reads };
  });
  const kept = defines.map((define) => {
    const small =
      define.params.length <= 2 &&
      define.params.every(({ type }) => type.kinds.length === 1 && type.names.length === 0);
    const reads = (): Define["reads"] =>
      define.body !== null && small ? fieldsOfExpression(draft, define.body) : null;
    return { ...define, reads: like === null ? reads() : (like.defines[define.id]?.reads ?? null) };
  });
  return {
    proposal,
    abstract,
    values,
    kinds,
    fields,
    kindByName,
    roles,
    operations,
    defines: kept,
    defineByName,
    rules,
    hazards: draft.hazards,
    constants,
  };
}

function declareParameters(scope: Scope, nodes: readonly ParameterNode[]): Parameter[] {
  const seen = new Set<string>();
  return nodes.map((node) => {
    if (seen.has(node.name.text)) {
      report(scope, node.name, {
        code: "duplicate-name",
        message: `two parameters are called \`${node.name.text}\``,
      });
    }
    seen.add(node.name.text);
    const type = resolveType(scope, node.type, true);
    const initial = node.value === null ? null : compileAs(scope, node.value, type, `\`${node.name.text}\``);
    addLocal(scope, node.name.text, type, node.name);
    return { name: node.name.text, type, initial, explicit: false };
  });
}

function declareDefine(
  draft: Draft,
  node: Extract<Member, { kind: "define" }>,
  origin: Origin,
  id: number,
): () => void {
  const scope = createScope(draft, origin);
  const params = declareParameters(scope, node.params);
  if (node.type === null) {
    report(scope, node.name, {
      code: "unknown-type",
      message: `the type of \`${node.name.text}\` is not declared`,
      help: ["write it after the parameters: `define name(…): bool = …`"],
    });
  }
  const result: Type = node.type === null ? UNKNOWN : resolveType(scope, node.type);
  const define: Define = {
    id,
    name: node.name.text,
    params,
    result,
    locals: 0,
    body: null,
    reads: null,
    doc: node.doc,
    site: siteOf(origin, node.name),
  };
  draft.defines[id] = define;
  draft.defineByName.set(node.name.text, id);
  return () => {
    if (node.body === null) return;
    const body = compileAs(scope, node.body, result, `\`${node.name.text}\``);
    draft.defines[id] = { ...define, body, locals: scope.frame.size };
  };
}

/** Compiled once for its own mistakes; see compileDo for its uses. */
function declareEffect(draft: Draft, member: Effect, origin: Origin): () => void {
  draft.effects.set(member.name.text, { member, origin });
  const scope = { ...createScope(draft, origin), within: [member.name.text] };
  declareParameters(scope, member.params);
  return () => {
    compileBody(scope, member.body, { result: null, rule: false, effect: true });
  };
}

function declareOperation(
  draft: Draft,
  node: Extract<Member, { kind: "operation" }>,
  origin: Origin,
  proposal: string,
): () => void {
  const scope = createScope(draft, origin);
  const asked = askedLive(node.body);
  const params = declareParameters(scope, node.params).map((param) => ({
    ...param,
    explicit: asked.has(param.name),
  }));
  const result = node.result === null ? null : resolveType(scope, node.result);
  const operation: Operation = {
    name: node.name.text,
    form: node.form,
    params,
    result,
    resultField: node.resultField?.text ?? null,
    locals: 0,
    body: [],
    doc: node.doc,
    proposal,
    site: siteOf(origin, node.name),
  };
  draft.operations.set(operation.name, operation);
  return () => {
    const body = compileBody(scope, node.body, { result, rule: false });
    draft.operations.set(operation.name, { ...operation, body, locals: scope.frame.size });
  };
}

/** The names x of every `live(x)` in a body. */
function askedLive(body: readonly Statement[]): Set<string> {
  const found = new Set<string>();
  const stack: unknown[] = [...body];
  while (stack.length > 0) {
    const part = stack.pop();
    if (typeof part !== "object" || part === null) continue;
    if (isCall(part) && part.callee.text === "live") {
      for (const { value } of part.args) if (value.kind === "name") found.add(value.text);
    }
    stack.push(...Object.values(part));
  }
  return found;
}

const isCall = (part: object): part is Call => "kind" in part && part.kind === "call";

function declareRule(
  draft: Draft,
  node: Extract<Member, { kind: "rule" }>,
  origin: Origin,
  proposal: string,
  at: number | null,
): () => void {
  const scope = createScope(draft, origin);
  const params = declareParameters(scope, node.params);
  node.params.forEach((param, i) => {
    if (params[i]?.type.base === "value" || params[i]?.type.base === "unknown") return;
    report(scope, param, {
      code: "type-mismatch",
      message: "a rule is about things: kinds, fds, objects or roles",
    });
  });
  return () => {
    const body = compileBody(scope, node.body, { result: null, rule: true });
    const rule: Rule = {
      name: node.name.text,
      severity: node.severity,
      params: params.map(({ name, type }) => ({ name, kinds: type.kinds })),
      locals: scope.frame.size,
      body,
      checks: checksOf(body),
      reads: new Set(),
      why: node.why?.value ?? "",
      doc: node.doc,
      proposal,
      site: siteOf(origin, node.name),
    };
    draft.rules[at ?? draft.rules.length] = rule;
  };
}

const events = { fd: ["open", "close", "release"], object: ["destroy"] } as const;

function compileBlocks(draft: Draft, member: FdDeclaration | ObjectDeclaration, origin: Origin): void {
  const kind = draft.kinds[draft.kindByName.get(member.name.text) ?? -1];
  if (kind === undefined || kind.sort !== member.kind) return;
  for (const item of member.body) {
    if (item.kind !== "on") continue;
    const event = item.event.text;
    const allowed: readonly string[] = events[member.kind];
    if (!allowed.includes(event)) {
      report({ draft, origin }, item.event, {
        code: "misplaced",
        message: `${member.kind === "fd" ? "an fd" : "an object"} has no event \`${event}\`, only ${allowed.map((name) => `\`${name}\``).join(", ")}`,
      });
      continue;
    }
    const block = compileBlock(draft, item, kind.id, origin);
    const before = draft.kinds[kind.id] ?? kind;
    const slot = event === "destroy" ? "release" : event;
    draft.kinds[kind.id] = { ...before, on: { ...before.on, [slot]: block } };
  }
}

function compileBlock(draft: Draft, node: OnBlock, kind: number, origin: Origin): Block {
  const scope = createScope(draft, origin);
  addLocal(scope, "self", referenceType([kind]));
  const body = compileBody(scope, node.body, { result: null, rule: false });
  if (node.event.text !== "open") {
    for (const refusal of requiresIn(node.body)) {
      report(scope, refusal, {
        code: "misplaced",
        message: `\`on ${node.event.text}\` cannot refuse: only \`on open\` holds requires`,
      });
    }
  }
  return { locals: scope.frame.size, body };
}

/** All requires of a body that refuse, nested ones too. */
function requiresIn(body: readonly Statement[]): Statement[] {
  return body.flatMap((statement) => {
    if (statement.kind === "if")
      return [...requiresIn(statement.then), ...requiresIn(statement.otherwise ?? [])];
    if (statement.kind === "for") return requiresIn(statement.body);
    return statement.kind === "require" && statement.hazard === null ? [statement] : [];
  });
}

function checkObservables(draft: Draft, last: Link, named: readonly Placed<Member>[]): void {
  const { declaration, origin } = last;
  const missing = named.flatMap(({ member }) =>
    member.kind === "define" && member.body === null ? [member] : [],
  );
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => `\`${name.text}\``);
  const list = names.length === 1 ? names[0] : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  const name = declaration.name.text;
  report({ draft, origin }, declaration.name, {
    code: "missing-observable",
    message: `${name} does not say what ${list} ${names.length === 1 ? "is" : "are"}: the rules ask for it`,
    help: [
      ...missing.map((define) => `add \`${printMember({ ...define, doc: [] })} = …\``),
      `or make it a base for others: \`abstract proposal ${name}\``,
    ],
  });
}
