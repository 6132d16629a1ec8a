// Numbers that are packed come back as they were, whatever a double can hold.

import fc from "fast-check";
import { expect, test } from "vitest";
import { pack, packed, Unpacker } from "../../server/src/base/packed-numbers.ts";

function throughBytes(numbers: readonly number[]): { readonly bytes: number; readonly back: number[] } {
  for (const number of numbers) pack(number);
  const bytes = packed();
  const unpacker = new Unpacker(bytes);
  return { bytes: bytes.length, back: numbers.map(() => unpacker.next()) };
}

test("small integers take a byte", () => {
  const numbers = Array.from({ length: 126 }, (_, i) => i - 63);
  expect(throughBytes(numbers)).toEqual({ bytes: numbers.length, back: numbers });
});

test("the ends of what is spelled in groups of bits", () => {
  const ends = [7, 14, 21, 28, 29, 30, 31, 32, 52, 53, 64, 1000].flatMap((bits) =>
    [-1, 0, 1].flatMap((by) => [2 ** bits + by, -(2 ** bits) + by]),
  );
  expect(throughBytes(ends).back).toEqual(ends);
});

test("anything", () => {
  const number = fc.oneof(
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double().map((double) => double + 0),
  );
  fc.assert(
    fc.property(fc.array(number, { maxLength: 2000 }), (numbers) => {
      expect(throughBytes(numbers).back).toEqual(numbers);
    }),
  );
});
