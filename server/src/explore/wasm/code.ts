// WebAssembly instructions as nested arrays of bytes: each function below gives the code of one expression or
// statement. It knows the binary format and nothing of what is computed.

/** Bytes; those that are put together already are copied as a whole. */
export type Code = readonly (number | Code | Uint8Array)[];

export type ValueType = "i32" | "i64" | "f64";

export const typeByte = { i32: 0x7f, i64: 0x7e, f64: 0x7c } as const;
const NOTHING = 0x40;

/** LEB128 of a natural number below 2^32. */
export function unsigned(value: number): number[] {
  if (value < 128) return [value];
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

/** Signed LEB128 of an integer, exact to 2^53. */
export function signed(value: number): number[] {
  if (value >= 0 && value < 64) return [value];
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = ((rest % 128) + 128) % 128;
    rest = Math.floor(rest / 128);
    if ((rest === 0 && low < 64) || (rest === -1 && low >= 64)) return bytes.concat(low);
    bytes.push(low + 128);
  }
}

export function flatten(code: Code): Uint8Array {
  let bytes = new Uint8Array(1024);
  let at = 0;
  const grow = (more: number): void => {
    const larger = new Uint8Array(2 * (bytes.length + more));
    larger.set(bytes);
    bytes = larger;
  };
  const write = (each: Code): void => {
    for (let i = 0; i < each.length; i++) {
      const part = each[i] ?? 0;
      if (typeof part === "number") {
        if (at === bytes.length) grow(1);
        bytes[at++] = part;
      } else if (part instanceof Uint8Array) {
        if (at + part.length > bytes.length) grow(part.length);
        bytes.set(part, at);
        at += part.length;
      } else write(part);
    }
  };
  write(code);
  return bytes.slice(0, at);
}

export const int = (value: number): Code => [0x41, signed(value | 0)];
export const long = (value: number): Code => [0x42, signed(value)];
export const get = (local: number): Code => [0x20, unsigned(local)];
export const set = (local: number, value: Code): Code => [value, 0x21, unsigned(local)];
/** Sets a local, and is its value. */
export const tee = (local: number, value: Code): Code => [value, 0x22, unsigned(local)];
export const call = (fn: number, ...args: Code[]): Code => [args, 0x10, unsigned(fn)];
export const drop = (value: Code): Code => [value, 0x1a];
export const giveBack = (value: Code = []): Code => [value, 0x0f];

const binary =
  (opcode: number) =>
  (left: Code, right: Code): Code => [left, right, opcode];
const unary =
  (opcode: number) =>
  (of: Code): Code => [of, opcode];

/** Of 32 bits; `S` and `U` say whether the operands are read as signed. */
export const i32 = {
  isZero: unary(0x45),
  equal: binary(0x46),
  differ: binary(0x47),
  lessS: binary(0x48),
  lessU: binary(0x49),
  moreS: binary(0x4a),
  moreU: binary(0x4b),
  atMostS: binary(0x4c),
  atMostU: binary(0x4d),
  atLeastS: binary(0x4e),
  atLeastU: binary(0x4f),
  add: binary(0x6a),
  subtract: binary(0x6b),
  multiply: binary(0x6c),
  divideS: binary(0x6d),
  remainderS: binary(0x6f),
  and: binary(0x71),
  or: binary(0x72),
  xor: binary(0x73),
  shiftLeft: binary(0x74),
  shiftRightS: binary(0x75),
  shiftRightU: binary(0x76),
  rotateLeft: binary(0x77),
} as const;

export const i64 = {
  isZero: unary(0x50),
  equal: binary(0x51),
  differ: binary(0x52),
  lessS: binary(0x53),
  lessU: binary(0x54),
  moreS: binary(0x55),
  atMostS: binary(0x57),
  atLeastS: binary(0x59),
  add: binary(0x7c),
  subtract: binary(0x7d),
  multiply: binary(0x7e),
  divideS: binary(0x7f),
  remainderS: binary(0x81),
  and: binary(0x83),
  or: binary(0x84),
  xor: binary(0x85),
  shiftLeft: binary(0x86),
  shiftRightS: binary(0x87),
  shiftRightU: binary(0x88),
} as const;

export const toInt = unary(0xa7);
export const toLong = unary(0xac);
export const toLongU = unary(0xad);

export const f64Add = binary(0xa0);
export const f64Multiply = binary(0xa2);
export const f64Divide = binary(0xa3);
export const f64Less = binary(0x63);
export const f64Number = (value: number): Code => [
  0x44,
  [...new Uint8Array(new Float64Array([value]).buffer)],
];

/** At an address in bytes; `offset` is added to it. */
export const load = (at: Code, offset = 0): Code => [at, 0x28, 2, unsigned(offset)];
export const loadLong = (at: Code, offset = 0): Code => [at, 0x29, 3, unsigned(offset)];
export const loadFloat = (at: Code, offset = 0): Code => [at, 0x2b, 3, unsigned(offset)];
export const store = (at: Code, value: Code, offset = 0): Code => [at, value, 0x36, 2, unsigned(offset)];
export const storeLong = (at: Code, value: Code, offset = 0): Code => [at, value, 0x37, 3, unsigned(offset)];
export const storeFloat = (at: Code, value: Code, offset = 0): Code => [at, value, 0x39, 3, unsigned(offset)];

export const when = (condition: Code, then: Code, otherwise: Code = []): Code =>
  otherwise.length === 0
    ? [condition, 0x04, NOTHING, then, 0x0b]
    : [condition, 0x04, NOTHING, then, 0x05, otherwise, 0x0b];

/** One of two values. */
export const choose = (type: ValueType, condition: Code, then: Code, otherwise: Code): Code => [
  ...[condition, 0x04, typeByte[type], then, 0x05, otherwise, 0x0b],
];

/** One of two values, both computed. */
export const select = (condition: Code, then: Code, otherwise: Code): Code => [
  then,
  otherwise,
  condition,
  0x1b,
];

/** Code that `leave` inside jumps behind. */
export const block = (body: Code): Code => [0x02, NOTHING, body, 0x0b];
/** Code that `leave` inside begins again. */
export const loop = (body: Code): Code => [0x03, NOTHING, body, 0x0b];
/** Jumps to the n-th `block`, `loop`, `when` around it, 0 being the innermost. */
export const leave = (depth: number): Code => [0x0c, unsigned(depth)];
export const leaveIf = (condition: Code, depth: number): Code => [condition, 0x0d, unsigned(depth)];

/** The body may not `leave` what is outside. */
export const repeatWhile = (condition: Code, body: Code): Code =>
  block(loop([leaveIf(i32.isZero(condition), 1), body, leave(0)]));

/** `local` in steps from `from` up to, not including, `to`, which is computed each time. */
export const forSteps = (local: number, from: Code, to: Code, step: number, body: Code): Code => [
  set(local, from),
  repeatWhile(i32.lessS(get(local), to), [body, set(local, i32.add(get(local), int(step)))]),
];

/** `local` from `from` up to, not including, `to`, which is computed each time. */
export const forRange = (local: number, from: Code, to: Code, body: Code): Code =>
  forSteps(local, from, to, 1, body);
