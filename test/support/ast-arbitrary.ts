// Random syntax trees for fast-check, one arbitrary per kind of node: every tree that the grammar can make, except
// open blocks and parts that did not parse. Spans are all 0; compare with withoutSpans.

import fc from "fast-check";
import type {
  Argument,
  Attribute,
  Claim,
  ClaimItem,
  Declaration,
  Entry,
  Expression,
  FieldItem,
  File,
  Member,
  Name,
  Outcome,
  Parameter,
  Statement,
  Step,
  StringLiteral,
  Template,
  TypeNode,
  VersionLiteral,
} from "../../server/src/syntax/ast.ts";

const span = { start: 0, end: 0 } as const;
const none = fc.constant(null);
const deep = { maxDepth: 4, depthSize: "small" } as const;

/** A tree as plain data without its spans, and without `viaIoctl`, which is a matter of spelling. */
export function withoutSpans(tree: unknown): unknown {
  return JSON.parse(
    JSON.stringify(tree, (key, value) =>
      key === "start" || key === "end" || key === "viaIoctl" ? undefined : value,
    ),
  );
}

function maybe<T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.option(some, { nil: null });
}

function few<T>(some: fc.Arbitrary<T>, least = 0): fc.Arbitrary<T[]> {
  return fc.array(some, { minLength: least, maxLength: 3 });
}

// ---------------------------------------------------------------- words

const reserved = "none true false caller kernel NULL and or not in is if then else where new".split(" ");
/** Words that mean something in one place and are names in all others. */
const soft = (
  "ok fails violates task parallel assert all any count first ioctl open struct int device group iommu host driver at " +
  "behind with on weak set of require let destroy close give to for return since until safe reach never limit tasks"
).split(" ");

const plainWord = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("nic0", "ctx", "g", "VFIO_BIND", "EBUSY", "ioasid", "x_1", "d") },
  { weight: 1, arbitrary: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,5}$/) },
);
const word = fc
  .oneof({ weight: 3, arbitrary: plainWord }, { weight: 1, arbitrary: fc.constantFrom(...soft) })
  .filter((text) => !reserved.includes(text));

function named(text: fc.Arbitrary<string>): fc.Arbitrary<Name> {
  return text.map((written) => ({ kind: "name", text: written, ...span }));
}

const name = named(word);
/** A name where reserved words may stand too: fields, parameters, attributes. */
const ident = named(
  fc.oneof({ weight: 5, arbitrary: word }, { weight: 1, arbitrary: fc.constantFrom(...reserved) }),
);
/** Any characters that a string can hold: every one but "\r". */
const characters = fc
  .oneof(
    fc.constantFrom(
      "/dev/vfio/{group}",
      "two functions",
      "26",
      'a "b" \\ c',
      "{",
      "}}{{",
      "// no comment",
      "\n\t",
    ),
    fc.string({ unit: "grapheme", maxLength: 8 }),
  )
  .map((text) => text.replaceAll("\r", ""));
/** A name of the topology, where quoted texts may stand too. */
const anyName = fc.oneof({ weight: 3, arbitrary: name }, { weight: 1, arbitrary: named(characters) });

const stringLiteral: fc.Arbitrary<StringLiteral> = characters.map((value) => ({
  kind: "string",
  value,
  ...span,
}));
const versionLiteral: fc.Arbitrary<VersionLiteral> = fc
  .tuple(fc.nat(), fc.nat())
  .map(([major, minor]) => ({ kind: "version", major, minor, ...span }));
const numberLiteral = fc
  .oneof(
    fc.nat().map((value) => ({ value, text: String(value) })),
    fc.nat().map((value) => ({ value, text: `0x${value.toString(16)}` })),
    fc.nat(9).map((value) => ({ value: value * 1024 ** 2, text: `${value}MiB` })),
    fc.nat(9).map((value) => ({ value, text: `${value}ULL` })),
  )
  .map((number) => ({ kind: "number", ...number, ...span }) as const);

// ---------------------------------------------------------------- expressions

const arithmetic = ["|", "&", "+", "-", "*", "/", "%"] as const;
const operators = ["or", "and", "==", "!=", "<", "<=", ">", ">=", "in", "not in", ...arithmetic] as const;

export const { expression } = fc.letrec<{ expression: Expression }>((tie) => {
  const sub = tie("expression");
  const argument = argumentOf(sub);
  const quantified = {
    kind: fc.constant("quantifier"),
    variable: name,
    set: sub,
    where: maybe(sub),
  } as const;
  return {
    expression: fc.oneof(
      deep,
      name,
      numberLiteral,
      versionLiteral,
      stringLiteral,
      node({
        kind: fc.constant("keyword"),
        word: fc.constantFrom("none", "true", "false", "caller", "kernel"),
      }),
      node({ kind: fc.constant("field"), target: sub, name: ident }),
      node({
        kind: fc.constant("call"),
        callee: name,
        args: few(argument),
        viaIoctl: fc.constant(false),
      }),
      node({ kind: fc.constant("unary"), op: fc.constantFrom("not", "-"), operand: sub }),
      node({ kind: fc.constant("binary"), op: fc.constantFrom(...operators), left: sub, right: sub }),
      node({ kind: fc.constant("is"), operand: sub, negated: fc.boolean(), type: name }),
      node({ ...quantified, quantifier: fc.constantFrom("all", "any"), body: sub }),
      node({ ...quantified, quantifier: fc.constantFrom("count", "first"), body: none }),
      node({ kind: fc.constant("conditional"), condition: sub, then: sub, otherwise: sub }),
      node({ kind: fc.constant("set"), elements: few(sub) }),
      node({
        kind: fc.constant("struct"),
        fields: few(node({ kind: fc.constant("argument"), name: ident, value: sub }), 1),
      }),
    ),
  };
});

function argumentOf(value: fc.Arbitrary<Expression>): fc.Arbitrary<Argument> {
  return node({ kind: fc.constant("argument"), name: maybe(ident), value });
}

/** A node of arbitrary parts, with a span. */
function node<T>(parts: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T & typeof span> {
  return fc.record(parts).map((fields) => ({ ...fields, ...span }) as T & typeof span);
}

const newExpression = node({
  kind: fc.constant("new"),
  type: name,
  fields: few(argumentOf(expression)),
  owner: maybe(expression),
});
const value = fc.oneof({ weight: 4, arbitrary: expression }, { weight: 1, arbitrary: newExpression });

// The grammar joins the texts between two holes.
const template: fc.Arbitrary<Template> = few(fc.tuple(characters, maybe(expression))).map((pairs) => {
  const parts: (string | Expression)[] = [];
  for (const [text, hole] of pairs) {
    const last = parts.length - 1;
    const before = parts[last];
    if (typeof before === "string") parts[last] = before + text;
    else if (text !== "") parts.push(text);
    if (hole !== null) parts.push(hole);
  }
  return { kind: "template", parts, ...span };
});

// ---------------------------------------------------------------- types

const typeName = name.filter(({ text }) => text !== "enum" && text !== "set");
const enumeration = node({ kind: fc.constant("enum"), members: few(name, 1) });

/** `set of` takes all that follows, so it comes last; behind it only a second `?` is the outer type's. */
const type: fc.Arbitrary<TypeNode> = fc.letrec<{ type: TypeNode }>((tie) => ({
  type: fc.oneof(
    deep,
    node({
      kind: fc.constant("type"),
      alternatives: few(fc.oneof(typeName, enumeration), 1),
      optional: fc.boolean(),
    }),
    fc.tuple(few(typeName), tie("type"), fc.boolean()).map(([names, element, optional]): TypeNode => {
      const alternatives = [...names, { kind: "set-of", element, ...span } as const];
      return { kind: "type", alternatives, optional: optional && closed(element), ...span };
    }),
  ),
})).type;

function closed(node: TypeNode): boolean {
  return node.optional;
}

const parameter: fc.Arbitrary<Parameter> = node({
  kind: fc.constant("parameter"),
  name: ident,
  type,
  value: maybe(expression),
});

// ---------------------------------------------------------------- statements

const shut = fc.constant(false);

export const statement: fc.Arbitrary<Statement> = fc.letrec<{ statement: Statement }>((tie) => {
  const body = few(tie("statement"));
  return {
    statement: fc.oneof(
      deep,
      node({
        kind: fc.constant("require"),
        maybe: fc.boolean(),
        since: maybe(versionLiteral),
        until: maybe(versionLiteral),
        condition: expression,
        errno: maybe(name.filter(({ text }) => !["error", "warning", "info", "off"].includes(text))),
        hazard: fc.constant(null),
        message: maybe(template),
      }),
      node({
        kind: fc.constant("require"),
        maybe: fc.boolean(),
        since: maybe(versionLiteral),
        until: maybe(versionLiteral),
        condition: expression,
        errno: fc.constant(null),
        hazard: fc.record({ severity: fc.constantFrom("error", "warning", "info"), name }),
        message: maybe(template),
      }),
      node({ kind: fc.constant("fail"), errno: name, message: maybe(template) }),
      node({ kind: fc.constant("assign"), target: expression, value }),
      node({ kind: fc.constant("let"), name, value }),
      node({ kind: fc.constantFrom("destroy", "close"), target: expression }),
      node({ kind: fc.constant("give"), target: expression, to: expression }),
      node({ kind: fc.constant("return"), value: maybe(value) }),
      newExpression,
      node({
        kind: fc.constant("for"),
        variable: name,
        set: expression,
        where: maybe(expression),
        body,
        open: shut,
      }),
      node({
        kind: fc.constant("if"),
        condition: expression,
        then: body,
        otherwise: maybe(body),
        open: shut,
      }),
    ),
  };
}).statement;

const statements = few(statement);

// ---------------------------------------------------------------- members of proposals

const doc = fc.oneof(
  { weight: 3, arbitrary: fc.constant<string[]>([]) },
  { weight: 1, arbitrary: few(characters.map((text) => text.replaceAll("\n", " "))) },
);

const field: fc.Arbitrary<FieldItem> = fc.oneof(
  node({
    kind: fc.constant("field-declaration"),
    weak: fc.boolean(),
    name: ident,
    type,
    value: maybe(value),
    doc,
  }),
  node({ kind: fc.constant("on"), event: ident, body: statements, open: shut, doc }),
);

const fields = few(field);
const override = fc.boolean();
const roles = few(name);
const params = few(parameter);

export const member: fc.Arbitrary<Member> = fc.oneof(
  node({
    kind: fc.constant("fd"),
    name,
    roles,
    path: maybe(stringLiteral),
    exclusive: fc.boolean(),
    body: fields,
    open: shut,
    doc,
  }),
  node({
    kind: fc.constant("object"),
    name,
    roles,
    owner: maybe(name),
    numbered: fc.boolean(),
    body: fields,
    open: shut,
    doc,
  }),
  node({ kind: fc.constantFrom("state", "fact"), target: name, body: fields, open: shut, doc }),
  node({
    kind: fc.constant("operation"),
    form: fc.constantFrom("ioctl", "op"),
    override,
    name,
    params,
    result: maybe(type),
    resultField: maybe(ident),
    body: statements,
    open: shut,
    doc,
  }),
  node({
    kind: fc.constant("define"),
    override,
    name,
    params,
    type: maybe(type),
    body: maybe(expression),
    doc,
  }),
  node({
    kind: fc.constant("rule"),
    override,
    severity: fc.constantFrom("error", "warning", "info"),
    name,
    params,
    why: maybe(stringLiteral),
    body: statements,
    open: shut,
    doc,
  }),
  node({
    kind: fc.constant("hazard"),
    override,
    severity: fc.constantFrom("error", "warning", "info", "off"),
    name,
    why: maybe(stringLiteral),
    doc,
  }),
  node({ kind: fc.constant("const"), override, name, value: expression, doc }),
  node({ kind: fc.constant("role"), name, doc }),
  node({ kind: fc.constant("alias"), name, type, doc }),
  node({ kind: fc.constant("remove"), name, doc }),
);

// ---------------------------------------------------------------- topology

const entryWords = ["device", "group", "iommu", "kernel", "host"];

const attribute: fc.Arbitrary<Attribute> = fc
  .record({ name: ident, value: maybe(expression) })
  .filter(({ name: { text }, value }) => value !== null || !entryWords.includes(text))
  .map((parts) => ({ kind: "attribute", ...parts, ...span }));
const attributes = few(attribute);

export const entry: fc.Arbitrary<Entry> = fc.letrec<{ entry: Entry }>((tie) => ({
  entry: fc.oneof(
    deep,
    node({
      kind: fc.constant("device"),
      name: anyName,
      address: maybe(stringLiteral),
      driver: maybe(anyName),
      attributes,
      doc,
    }),
    node({ kind: fc.constant("iommu"), name: anyName, attributes, doc }),
    node({ kind: fc.constant("kernel"), version: versionLiteral, doc }),
    node({ kind: fc.constant("host"), attributes, doc }),
    node({
      kind: fc.constant("group"),
      name: anyName,
      iommu: maybe(anyName),
      attributes,
      body: few(tie("entry")),
      open: shut,
      doc,
    }),
  ),
})).entry;

// ---------------------------------------------------------------- scenarios

const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  node({ kind: fc.constant("outcome"), outcome: fc.constant("ok"), name: none }),
  node({ kind: fc.constant("outcome"), outcome: fc.constant("fails"), name: maybe(name) }),
  node({ kind: fc.constant("outcome"), outcome: fc.constant("violates"), name }),
);

const place = fc
  .tuple(name, few(ident))
  .map(([head, names]) =>
    names.reduce<Name | (Expression & { readonly kind: "field" })>(
      (target, part) => ({ kind: "field", target, name: part, ...span }),
      head,
    ),
  );

export const step: fc.Arbitrary<Step> = fc.letrec<{ step: Step }>((tie) => ({
  step: fc.oneof(
    deep,
    node({ kind: fc.constant("step"), target: maybe(place), value: expression, expected: few(outcome) }),
    node({ kind: fc.constant("assert"), condition: expression }),
    node({ kind: fc.constant("task"), name: anyName, attributes, body: few(tie("step")), open: shut }),
    node({ kind: fc.constant("parallel"), body: few(tie("step")), open: shut }),
  ),
})).step;

// ---------------------------------------------------------------- verify

const claimBody: fc.Arbitrary<Claim> = fc.oneof(
  node({ kind: fc.constant("claim"), claim: fc.constant("safe"), name: none, condition: none }),
  node({ kind: fc.constant("claim"), claim: fc.constant("breaks"), name, condition: none }),
  node({
    kind: fc.constant("claim"),
    claim: fc.constantFrom("reach", "never"),
    name: maybe(stringLiteral),
    condition: expression,
  }),
  node({
    kind: fc.constant("claim"),
    claim: fc.constantFrom("reach", "never"),
    name: stringLiteral,
    condition: none,
  }),
);

export const claim: fc.Arbitrary<ClaimItem> = fc.oneof(
  claimBody,
  node({
    kind: fc.constant("bound"),
    bound: fc.constantFrom("tasks", "depth"),
    name: none,
    value: numberLiteral,
  }),
  node({ kind: fc.constant("bound"), bound: fc.constant("limit"), name, value: numberLiteral }),
  node({ kind: fc.constant("in-full"), names: fc.array(name, { minLength: 1, maxLength: 3 }) }),
);

// ---------------------------------------------------------------- files

export const declaration: fc.Arbitrary<Declaration> = fc.oneof(
  node({ kind: fc.constant("use"), targets: few(fc.oneof(name, stringLiteral), 1), doc }),
  node({ kind: fc.constant("topology"), name: anyName, body: few(entry), open: shut, doc }),
  node({
    kind: fc.constant("proposal"),
    abstract: fc.boolean(),
    name,
    base: maybe(name),
    body: few(member),
    open: shut,
    doc,
  }),
  node({
    kind: fc.constant("scenario"),
    name: fc.oneof(name, stringLiteral),
    topology: maybe(anyName),
    proposal: maybe(name),
    body: few(step),
    open: shut,
    doc,
  }),
  node({
    kind: fc.constant("verify"),
    proposal: name,
    topologies: few(anyName, 1),
    body: few(claim),
    open: shut,
    doc,
  }),
);

export const file: fc.Arbitrary<File> = few(declaration).map((declarations) => ({
  kind: "file",
  declarations,
  ...span,
}));
