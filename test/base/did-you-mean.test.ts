import fc from "fast-check";
import { expect, test } from "vitest";
import { didYouMean } from "../../server/src/base/did-you-mean.ts";

test.each([
  ["devise", ["device", "driver"], "device"],
  ["dveice", ["device"], "device"],
  ["DEVICE", ["device"], "device"],
  ["secure_context", ["secure-context"], "secure-context"],
  ["VFIO_GROUP_SET_CONTAINRE", ["VFIO_SET_IOMMU", "VFIO_GROUP_SET_CONTAINER"], "VFIO_GROUP_SET_CONTAINER"],
  ["ab", ["ba", "abc"], "ba"],
  ["nic2", ["nic0", "nic1"], "nic0"],
  ["a", ["b"], undefined],
  ["", ["a", "device"], undefined],
  ["x", [], undefined],
  ["device", ["device"], undefined],
  ["device", ["completely", "different"], undefined],
])("%j among %j: %j", (name, candidates, expected) => {
  expect(didYouMean(name, candidates)).toBe(expected);
});

test("one slip in a longer name is always found", () => {
  const words = fc.string({ unit: fc.constantFrom(..."abcdef"), minLength: 4, maxLength: 12 });
  fc.assert(
    fc.property(words, fc.nat(), fc.constantFrom("drop", "add", "swap"), (word, seed, slip) => {
      const at = seed % (word.length - 1);
      const [left, a, b, right] = [
        word.slice(0, at),
        word.charAt(at),
        word.charAt(at + 1),
        word.slice(at + 2),
      ];
      const changed = { drop: left + b + right, add: `${left + a}z${b}${right}`, swap: left + b + a + right }[
        slip
      ];
      fc.pre(changed !== word);
      expect(didYouMean(changed, [word])).toBe(word);
    }),
  );
});
