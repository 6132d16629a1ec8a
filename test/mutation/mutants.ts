// Every single mutant of a shipped file: one check, effect, block or word less, or another. A mutant is an edit of the
// text; its name says what was done where, and stays the same when other lines change.

import type {
  Expression,
  FieldItem,
  Member,
  Name,
  Require,
  Statement,
  TypeNode,
} from "../../server/src/syntax/ast.ts";
import { parseWhole } from "../../server/src/syntax/parse.ts";

export interface Mutant {
  /** `vfio VFIO_SET_IOMMU: delete require c.iommu_type == none` */
  readonly name: string;
  readonly proposal: string;
  /** The operation that it is in; null: anything of the proposal may notice. */
  readonly operation: string | null;
  /** The shipped file, and what to change there. */
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface Change {
  readonly what: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export function mutantsOf(file: string, text: string): Mutant[] {
  const parsed = parseWhole(text);
  if (parsed.kind !== "file") throw new Error(`${file}: ${parsed.message}`);
  const found: Mutant[] = [];
  const names = new Map<string, number>();
  for (const proposal of parsed.declarations) {
    if (proposal.kind !== "proposal") continue;
    for (const member of proposal.body)
      for (const change of changesIn(member, text)) {
        const label = "name" in member ? member.name.text : "target" in member ? member.target.text : "?";
        const base = `${proposal.name.text} ${label}: ${change.what}`;
        const count = (names.get(base) ?? 0) + 1;
        names.set(base, count);
        found.push({
          name: count === 1 ? base : `${base} (${count})`,
          proposal: proposal.name.text,
          operation: member.kind === "operation" ? member.name.text : null,
          file,
          start: change.start,
          end: change.end,
          text: change.text,
        });
      }
  }
  return found;
}

function* changesIn(member: Member, text: string): Generator<Change> {
  switch (member.kind) {
    case "operation":
    case "effect":
    case "rule":
      yield* inBody(member.body, text);
      break;
    case "fd": {
      const head = text.slice(member.name.end, member.body[0]?.start ?? member.end).split("{")[0] ?? "";
      const at = head.search(/\bexclusive\b/);
      if (member.exclusive && at >= 0)
        yield deletion("drop exclusive", member.name.end + at, member.name.end + at + "exclusive".length);
      yield* inFields(member.body, text);
      break;
    }
    case "object":
      yield* inFields(member.body, text);
      break;
    case "define":
      if (member.body !== null) yield* branches(member.body, text);
      break;
    default:
  }
}

const deletion = (what: string, start: number, end: number): Change => ({ what, start, end, text: "" });

/** The text of a node on one line, not too long. */
function brief(text: string, node: { readonly start: number; readonly end: number }): string {
  const line = text.slice(node.start, node.end).replace(/\s+/g, " ").trim();
  return line.length > 90 ? `${line.slice(0, 89)}…` : line;
}

function* inFields(body: readonly FieldItem[], text: string): Generator<Change> {
  for (const item of body) {
    if (item.kind === "on") {
      yield deletion(`delete on ${item.event.text}`, item.start, item.end);
      for (const change of inBody(item.body, text))
        yield { ...change, what: `on ${item.event.text}: ${change.what}` };
    } else if (item.kind === "field-declaration") {
      const { name } = item;
      if (item.weak) yield deletion(`drop weak of ${name.text}`, weakAt(text, name), name.start);
      else if (isReference(item.type))
        yield { what: `weak ${name.text}`, start: name.start, end: name.start, text: "weak " };
    }
  }
}

const weakAt = (text: string, name: Name): number => text.lastIndexOf("weak", name.start);

const plain = new Set(["bool", "int", "string", "range", "iommu", "group", "device", "task", "host"]);

/** Refers to files or objects: only there `weak` means something. */
const isReference = (type: TypeNode): boolean =>
  type.alternatives.some((atom) => atom.kind === "name" && !plain.has(atom.text));

// ---------------------------------------------------------------- statements

function* inBody(body: readonly Statement[], text: string): Generator<Change> {
  const requires = allRequires(body);
  for (const statement of body) yield* inStatement(statement, text, requires);
}

function allRequires(body: readonly Statement[]): Require[] {
  return body.flatMap((node) =>
    node.kind === "require"
      ? [node]
      : node.kind === "for"
        ? allRequires(node.body)
        : node.kind === "if"
          ? [...allRequires(node.then), ...allRequires(node.otherwise ?? [])]
          : [],
  );
}

function* inStatement(node: Statement, text: string, requires: readonly Require[]): Generator<Change> {
  switch (node.kind) {
    case "require":
      if (!node.maybe) yield* ofRequire(node, text, requires);
      break;
    case "if":
    case "for":
      yield deletion(`delete ${brief(text, head(node))}`, node.start, node.end);
      for (const inner of node.kind === "for" ? node.body : [...node.then, ...(node.otherwise ?? [])])
        yield* inStatement(inner, text, requires);
      break;
    case "assign":
    case "new":
    case "destroy":
    case "close":
    case "give":
    case "do":
    case "fail":
      yield deletion(`delete ${brief(text, node)}`, node.start, node.end);
      break;
    default:
  }
}

/** An `if` or `for` up to its block. */
const head = (node: Extract<Statement, { kind: "if" | "for" }>): { start: number; end: number } => ({
  start: node.start,
  end: node.kind === "if" ? node.condition.end : (node.where ?? node.set).end,
});

function* ofRequire(node: Require, text: string, requires: readonly Require[]): Generator<Change> {
  const { condition } = node;
  const said = brief(text, condition);
  const { start, end } = condition;
  const source = text.slice(start, end);
  yield deletion(`delete require ${said}`, node.start, node.end);
  yield { what: `negate require ${said}`, start, end, text: `not (${source})` };
  for (const { without, less } of dropped(condition, "and"))
    yield {
      what: `require ${said} without ${brief(text, without)}`,
      start: without === less.left ? less.left.start : less.left.end,
      end: without === less.left ? less.right.start : less.right.end,
      text: "",
    };
  const next = requires[requires.indexOf(node) + 1];
  if (node.errno !== null && next?.errno != null && next.errno.text !== node.errno.text) {
    const between = text.slice(node.errno.end, next.errno.start);
    yield {
      what: `require ${said}: ${next.errno.text} for ${node.errno.text}`,
      start: node.errno.start,
      end: next.errno.end,
      text: next.errno.text + between + node.errno.text,
    };
  }
}

interface Dropped {
  readonly without: Expression;
  readonly less: Extract<Expression, { kind: "binary" }>;
}

/** All conjuncts (or disjuncts) of an expression, to be left out one by one. */
function dropped(node: Expression, op: "and" | "or"): Dropped[] {
  if (node.kind !== "binary" || node.op !== op) return [];
  const inner = dropped(node.left, op);
  return [
    ...(inner.length > 0 ? inner : [{ without: node.left, less: node }]),
    { without: node.right, less: node },
  ];
}

// ---------------------------------------------------------------- defines

/** The body replaced by each of its branches. */
function* branches(node: Expression, text: string): Generator<Change> {
  const { start, end } = node;
  if (node.kind === "conditional") {
    for (const branch of [node.then, node.otherwise])
      yield {
        what: `${brief(text, branch)} for ${brief(text, node)}`,
        start,
        end,
        text: text.slice(branch.start, branch.end),
      };
    yield* branches(node.then, text);
    yield* branches(node.otherwise, text);
  } else if (node.kind === "binary" && (node.op === "and" || node.op === "or"))
    for (const { without, less } of dropped(node, node.op))
      yield {
        what: `${brief(text, node)} without ${brief(text, without)}`,
        start: without === less.left ? less.left.start : less.left.end,
        end: without === less.left ? less.right.start : less.right.end,
        text: "",
      };
}
