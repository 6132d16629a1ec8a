// Numbers as bytes, for lists of which many are kept and few looked at: a small integer takes one byte, whatever a
// double can hold comes back as it was. Knows nothing of what the numbers mean.

/** In front of eight bytes that are a double as it is. */
const DOUBLE = 0;
/** Integers below it, of either sign, are spelled in groups of seven bits. */
const most = 2 ** 29;

const double = new Float64Array(1);
const doubleBytes = new Uint8Array(double.buffer);

// One list is packed at a time.
let buffer = new Uint8Array(4096);
let length = 0;

/** Adds a number to the list under construction. */
export function pack(number: number): void {
  if (length + 9 > buffer.length) {
    const larger = new Uint8Array(2 * buffer.length);
    larger.set(buffer);
    buffer = larger;
  }
  if ((number | 0) !== number || number >= most || number <= -most) {
    double[0] = number;
    buffer[length++] = DOUBLE;
    buffer.set(doubleBytes, length);
    length += 8;
    return;
  }
  // 1 is 0, 2 is -1, 3 is 1, 4 is -2, ...
  let rest = (number < 0 ? -2 * number - 1 : 2 * number) + 1;
  while (rest > 127) {
    buffer[length++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  buffer[length++] = rest;
}

/** The list, of which nothing is under construction any more. */
export function packed(): Uint8Array {
  const bytes = buffer.slice(0, length);
  length = 0;
  return bytes;
}

/** Reads a list from its start. */
export class Unpacker {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  next(): number {
    const bytes = this.#bytes;
    let byte = bytes[this.#at++] ?? 0;
    if (byte === DOUBLE) {
      doubleBytes.set(bytes.subarray(this.#at, this.#at + 8));
      this.#at += 8;
      return double[0] ?? 0;
    }
    let code = byte & 127;
    for (let shift = 7; byte > 127; shift += 7) {
      byte = bytes[this.#at++] ?? 0;
      code |= (byte & 127) << shift;
    }
    code--;
    return (code & 1) === 0 ? code >>> 1 : -((code + 1) >>> 1);
  }
}
