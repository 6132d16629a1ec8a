// The values of the reference interpreter: plain dynamic data. A thing (file, object, device, task …) is its number.

export interface Ref {
  readonly ref: number;
}
export interface Range {
  readonly start: number;
  readonly size: number;
}
export interface Version {
  readonly major: number;
  readonly minor: number;
}
export interface Struct {
  readonly fields: ReadonlyMap<string, Value>;
}
/** The result of a step that failed: what uses it is skipped. */
export const unknown = { unknown: true } as const;

export type Value =
  | null
  | boolean
  | number
  | string
  | Ref
  | Range
  | Version
  | Struct
  | readonly Value[]
  | typeof unknown;

export const isRef = (value: Value): value is Ref =>
  typeof value === "object" && value !== null && "ref" in value;
export const isRange = (value: Value): value is Range =>
  typeof value === "object" && value !== null && "size" in value;
const isVersion = (value: Value): value is Version =>
  typeof value === "object" && value !== null && "major" in value;
export const isStruct = (value: Value): value is Struct =>
  typeof value === "object" && value !== null && "fields" in value;
export const isSet = (value: Value): value is readonly Value[] => Array.isArray(value);

/** In strings `-` and `_` are the same. */
export const word = (text: string): string => text.replaceAll("-", "_");

export function equal(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a === "string" && typeof b === "string") return word(a) === word(b);
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  if (isRef(a) && isRef(b)) return a.ref === b.ref;
  if (isRange(a) && isRange(b)) return a.start === b.start && a.size === b.size;
  if (isVersion(a) && isVersion(b)) return a.major === b.major && a.minor === b.minor;
  if (isSet(a) && isSet(b)) return a.every((x) => has(b, x)) && b.every((x) => has(a, x));
  return false;
}

const has = (set: readonly Value[], value: Value): boolean => set.some((one) => equal(one, value));

export const union = (a: readonly Value[], b: readonly Value[]): Value[] => [
  ...a,
  ...b.filter((x) => !has(a, x)),
];

/** Negative, zero or positive; null when the two have no order. */
export function compare(a: Value, b: Value): number | null {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "object" && typeof b === "object" && isVersion(a) && isVersion(b))
    return a.major === b.major ? a.minor - b.minor : a.major - b.major;
  return null;
}

const bits = (a: number, b: number, op: (x: bigint, y: bigint) => bigint): number =>
  Number(op(BigInt(a), BigInt(b)));

/** `| & + - * / %` of numbers, and of sets where that makes sense. Division rounds down; by 0 it gives 0 (the page is silent). */
export function arithmetic(op: string, a: Value, b: Value): Value {
  if (isSet(a) && isSet(b)) {
    if (op === "|" || op === "+") return union(a, b);
    return a.filter((x) => has(b, x) === (op === "&"));
  }
  if (typeof a !== "number" || typeof b !== "number") return null;
  switch (op) {
    case "|":
      return bits(a, b, (x, y) => x | y);
    case "&":
      return bits(a, b, (x, y) => x & y);
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return b === 0 ? 0 : Math.floor(a / b);
    default:
      return b === 0 ? 0 : a - b * Math.floor(a / b);
  }
}

export function overlaps(a: Value, b: Value): boolean {
  if (!isRange(a) || !isRange(b)) return false;
  return a.size > 0 && b.size > 0 && a.start < b.start + b.size && b.start < a.start + a.size;
}

export function contains(a: Value, b: Value): boolean {
  if (!isRange(a) || !isRange(b)) return false;
  return a.start <= b.start && b.start + b.size <= a.start + a.size;
}
