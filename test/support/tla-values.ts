// Values of TLA+ and the operators on them, for tla.ts.

export type TlaValue = number | boolean | string | TlaSet | TlaFunction;

/** By the text of each element. */
interface TlaSet {
  readonly set: ReadonlyMap<string, TlaValue>;
  text?: string;
}

/** Records and tuples are functions, too. */
interface TlaFunction {
  readonly pairs: ReadonlyMap<string, readonly [TlaValue, TlaValue]>;
  text?: string;
}

export type Env = { readonly value: unknown; readonly next: Env } | null;
export type Code = (env: Env) => TlaValue;

export function textOf(value: TlaValue): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object") return String(value);
  value.text ??=
    "set" in value
      ? `{${[...value.set.keys()].sort().join()}}`
      : `[${[...value.pairs]
          .map(([key, [, to]]) => `${key}:${textOf(to)}`)
          .sort()
          .join()}]`;
  return value.text;
}

export const setOf = (values: Iterable<TlaValue>): TlaSet => ({
  set: new Map([...values].map((value) => [textOf(value), value])),
});
export const functionOf = (pairs: Iterable<readonly [TlaValue, TlaValue]>): TlaFunction => ({
  pairs: new Map([...pairs].map((pair) => [textOf(pair[0]), pair])),
});
export const tupleOf = (values: readonly TlaValue[]): TlaFunction =>
  functionOf(values.map((value, i) => [i + 1, value]));

export function fail(message: string): never {
  throw new Error(message);
}

export function asSet(value: TlaValue): ReadonlyMap<string, TlaValue> {
  return typeof value === "object" && "set" in value ? value.set : fail(`${textOf(value)} is no set`);
}
export function asFunction(value: TlaValue): TlaFunction {
  return typeof value === "object" && "pairs" in value ? value : fail(`${textOf(value)} is no function`);
}
export const asNumber = (value: TlaValue): number =>
  typeof value === "number" ? value : fail(`${textOf(value)} is no number`);
export const asBoolean = (value: TlaValue): boolean =>
  typeof value === "boolean" ? value : fail(`${textOf(value)} is no truth value`);
export const elements = (value: TlaValue): TlaValue[] => {
  const { pairs } = asFunction(value);
  return Array.from({ length: pairs.size }, (_, i) => pairs.get(String(i + 1))?.[1] ?? fail("no sequence"));
};
export function applied(value: TlaValue, to: TlaValue): TlaValue {
  const pair = asFunction(value).pairs.get(textOf(to));
  return pair === undefined ? fail(`${textOf(to)} is outside of the domain of ${textOf(value)}`) : pair[1];
}
/** TLC compares no values of different sorts. */
function isEqual(a: TlaValue, b: TlaValue): boolean {
  const sort = (value: TlaValue): string =>
    typeof value === "object" ? ("set" in value ? "set" : "function") : typeof value;
  if (sort(a) !== sort(b)) fail(`${textOf(a)} is compared with ${textOf(b)}`);
  return typeof a === "object" ? textOf(a) === textOf(b) : a === b;
}

export const binary: Readonly<Record<string, (a: Code, b: Code) => Code>> = {
  "=>": (a, b) => (env) => !asBoolean(a(env)) || asBoolean(b(env)),
  "/\\": (a, b) => (env) => asBoolean(a(env)) && asBoolean(b(env)),
  "\\/": (a, b) => (env) => asBoolean(a(env)) || asBoolean(b(env)),
  "=": (a, b) => (env) => isEqual(a(env), b(env)),
  "#": (a, b) => (env) => !isEqual(a(env), b(env)),
  "<": (a, b) => (env) => asNumber(a(env)) < asNumber(b(env)),
  "<=": (a, b) => (env) => asNumber(a(env)) <= asNumber(b(env)),
  ">": (a, b) => (env) => asNumber(a(env)) > asNumber(b(env)),
  ">=": (a, b) => (env) => asNumber(a(env)) >= asNumber(b(env)),
  "\\in": (a, b) => (env) => asSet(b(env)).has(textOf(a(env))),
  "\\notin": (a, b) => (env) => !asSet(b(env)).has(textOf(a(env))),
  "\\cup": (a, b) => (env) => ({ set: new Map([...asSet(a(env)), ...asSet(b(env))]) }),
  "\\": (a, b) => (env) => {
    const without = asSet(b(env));
    return { set: new Map([...asSet(a(env))].filter(([key]) => !without.has(key))) };
  },
  "..": (a, b) => (env) => {
    const [from, to] = [asNumber(a(env)), asNumber(b(env))];
    return setOf(Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i));
  },
  "+": (a, b) => (env) => asNumber(a(env)) + asNumber(b(env)),
  "-": (a, b) => (env) => asNumber(a(env)) - asNumber(b(env)),
  "*": (a, b) => (env) => asNumber(a(env)) * asNumber(b(env)),
  "\\div": (a, b) => (env) => Math.floor(asNumber(a(env)) / asNumber(b(env))),
  "\\o": (a, b) => (env) => tupleOf([...elements(a(env)), ...elements(b(env))]),
};

export const builtIn: Readonly<Record<string, (args: readonly TlaValue[]) => TlaValue>> = {
  Cardinality: ([of = 0]) => asSet(of).size,
  Len: ([of = 0]) => asFunction(of).pairs.size,
  Head: ([of = 0]) => elements(of)[0] ?? fail("Head of nothing"),
  Tail: ([of = 0]) => tupleOf(elements(of).slice(1)),
  TLCGet: () => fail("a level has no value here"),
  Append: ([of = 0, last = 0]) => tupleOf([...elements(of), last]),
};
