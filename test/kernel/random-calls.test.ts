// Calls as those of test/cases/kernel, made at random: whatever comes, the proposals have an answer, no rule breaks, and
// a transcript of their own answers is predicted by them to the last call.

import fc from "fast-check";
import { expect, test } from "vitest";
import { type Analysis, analyse } from "../../server/src/analysis.ts";
import { importTranscript } from "../../server/src/interop/transcript.ts";
import { memoryFiles } from "../support/memory-files.ts";

const sizes = ["0x0", "0x800", "0x1000", "0x2000", "0x100000"];
const iovas = ["0x0", "0x800", "0x1000", "0x2000", "0x100000", "0xfee00000"];
const addresses = ["0000:01:00.0", "0000:02:00.0", "0000:03:01.0", "0000:03:02.0"];
const groups = ["6", "8", "9"];

/** A call as choices that are resolved when the handles before it are known. */
type Choice = readonly [call: number, first: number, second: number, third: number, value: number];

/** What each call takes and gives: `c|f` a handle of one of these kinds, `=g` a new one. */
const calls: readonly string[] = [
  "=f open /dev/iommu",
  "=c open /dev/vfio/vfio",
  "=g open /dev/vfio/GROUP",
  "=v open /dev/vfio/devices/NODE",
  "close f|c|g|v|d",
  "SET_CONTAINER g c|f",
  "UNSET_CONTAINER g",
  "=d GET_DEVICE_FD g ADDRESS",
  "SET_IOMMU c TYPE",
  "MAP c IOVA SIZE",
  "UNMAP c IOVA SIZE",
  "BIND v f",
  "BIND v f",
  "ATTACH v i|h",
  "ATTACH v i|h",
  "DETACH v",
  "=i IOAS_ALLOC f",
  "=i IOAS_ALLOC f",
  "IOAS_MAP f i|h IOVA SIZE",
  "IOAS_MAP f i|h IOVA SIZE",
  "IOAS_UNMAP f i|h IOVA SIZE",
  "DESTROY f i|h",
  "=h HWPT_ALLOC f v i|h FLAGS",
  "INFO v|d",
  "MMAP v|d",
];

const words: Readonly<Record<string, readonly string[]>> = {
  IOVA: iovas,
  SIZE: sizes,
  ADDRESS: addresses,
  TYPE: ["1", "3", "99"],
  FLAGS: ["0", "1"],
};

/** The lines of one case, without answers. A call that lacks a handle is left out. */
function linesOf(choices: readonly Choice[]): string[] {
  const handles: string[] = [];
  const lines: string[] = [];
  choices.forEach(([call, ...numbers], index) => {
    const [head = "", ...parts] = (calls[call % calls.length] ?? "").split(" ");
    const pick = (from: readonly string[], number: number): string | undefined =>
      from[number % Math.max(1, from.length)];
    const args: (string | undefined)[] = [];
    (head.startsWith("=") ? parts.slice(1) : parts).forEach((part, i) => {
      const number = numbers[i] ?? 0;
      if (part.startsWith("/"))
        args.push(part.replace("GROUP", pick(groups, number) ?? "").replace("NODE", `vfio${number % 4}`));
      else if (words[part] !== undefined) args.push(pick(words[part], number));
      else {
        const kinds = part.split("|");
        args.push(
          pick(
            handles.filter((handle) => kinds.includes(handle[0] ?? "")),
            number,
          ),
        );
      }
    });
    if (args.includes(undefined)) return;
    const name = head.startsWith("=") ? `${head[1]}${index}` : null;
    const line = `${name === null ? head : `${name} = ${parts[0]}`} ${args.join(" ")}`;
    lines.push(line);
    if (name !== null) handles.push(name);
  });
  return lines;
}

function transcript(cases: readonly (readonly string[])[]): string {
  const first = "bind_driver 0000:03:02.0 vfio-pci -> ok";
  return cases
    .flatMap((lines, i) => [`case ${i}`, ...[first, ...lines].map((line) => `  ${line}`)])
    .join("\n");
}

function run(source: string): Analysis {
  const { text, problems } = importTranscript(source);
  expect(problems).toEqual([]);
  return analyse("random.uapi", memoryFiles(new Map([["random.uapi", text]])));
}

/** The answer to each call of each case; null where a call needs the handle of one that failed. */
function answersOf(analysis: Analysis): (string | null)[][] {
  return analysis.traces().map((trace) => {
    const rows = trace.rows.filter(({ text }) => !/^(?:unbind_driver|assert)\b/.test(text));
    return rows.slice(1).map(({ outcome, detail }) => {
      if (outcome === "unknown") return null;
      return outcome === "errno" ? detail : "ok";
    });
  });
}

const known = [
  "ok",
  "EACCES",
  "EADDRINUSE",
  "EBADF",
  "EBADFD",
  "EBUSY",
  "EEXIST",
  "EINVAL",
  "ENODEV",
  "ENOENT",
  "ENOTTY",
];
const answers = new Set([...known, "EOPNOTSUPP", "EPERM"]);
const hazards = new Set([
  "errno",
  "detach-in-use",
  "move-moves-peers",
  "unset-while-open",
  "mappings-lost",
  "partial-unmap",
]);

const number = fc.nat({ max: 999 });
const choice = fc.tuple(number, number, number, number, number);

// Two iommufds, and a file of two devices, so that there is something to choose from.
const start = [
  ...["f900 = open /dev/iommu", "f901 = open /dev/iommu"],
  ...["v902 = open /dev/vfio/devices/vfio0", "v903 = open /dev/vfio/devices/vfio2"],
];

test("random calls are answered, and the answers are predicted", () => {
  const oneCase = fc.array(choice, { minLength: 20, maxLength: 60 });
  fc.assert(
    fc.property(fc.array(oneCase, { minLength: 30, maxLength: 30 }), (chosen) => {
      const cases = chosen.map((choices) => [...start, ...linesOf(choices)]);
      const first = run(transcript(cases.map((lines) => lines.map((line) => `${line} -> ok`))));
      expect(first.findings.filter(({ code }) => !hazards.has(code)).map(({ message }) => message)).toEqual(
        [],
      );
      const given = answersOf(first);
      expect(given.map(({ length }) => length)).toEqual(cases.map(({ length }) => length));
      expect(given.flat().filter((answer) => answer !== null && !answers.has(answer))).toEqual([]);

      const recorded = cases.map((lines, i) =>
        lines.flatMap((line, k) => (given[i]?.[k] === null ? [] : [`${line} -> ${given[i]?.[k]}`])),
      );
      const second = run(transcript(recorded));
      expect(
        second.findings.filter(({ severity }) => severity === "error").map(({ message }) => message),
      ).toEqual([]);
      expect(answersOf(second)).toEqual(given.map((list) => list.filter((answer) => answer !== null)));
    }),
    { numRuns: 2, endOnFailure: true },
  );
}, 60_000);
