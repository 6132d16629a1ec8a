// What the shipped proposals predict, against what a real kernel answered: test/cases/kernel. Every call counts.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { analyse, type TraceRow } from "../../server/src/analysis.ts";
import { importTranscript } from "../../server/src/interop/transcript.ts";
import { shippedTexts } from "../../server/src/semantics/shipped.ts";
import { memoryFiles } from "../support/memory-files.ts";

const folder = fileURLToPath(new URL("../cases/kernel/", import.meta.url));
const transcripts = readdirSync(folder).filter((name) => name.endsWith(".txt"));

interface Score {
  readonly file: string;
  readonly proposal: string;
  readonly predicted: number;
  readonly calls: number;
}

const scores: Score[] = [];

describe("a real kernel's answers", () => {
  test.each(transcripts)("%s", (file) => {
    const source = readFileSync(folder + file, "utf8");
    const answered = source.split("\n").filter((line) => line.includes(" -> "));
    const { text, calls, problems } = importTranscript(source);
    expect(problems).toEqual([]);
    expect(calls, "every line with an answer is a call").toBe(answered.length);

    const analysis = analyse(file, memoryFiles(new Map([[file, text]])));
    const lineOf = (row: TraceRow): string => {
      const start = text.lastIndexOf("\n", row.place.start) + 1;
      return text.slice(start, text.indexOf("\n", row.place.end)).trim();
    };
    const traces = analysis.traces();
    expect(traces.length).toBe(source.split("\n").filter((line) => line.startsWith("case ")).length);
    const wrong: string[] = [];
    let predicted = 0;
    let total = 0;
    for (const trace of traces) {
      for (const row of trace.rows) {
        const line = lineOf(row);
        // The importer adds these two: they are no calls of the transcript.
        if (line.startsWith("unbind_driver") || line.startsWith("assert")) continue;
        total++;
        const wanted = / fails (\w+)$/.exec(line)?.[1] ?? "ok";
        const got = row.outcome === "violation" ? "ok" : row.outcome === "errno" ? row.detail : row.outcome;
        if (got === wanted) predicted++;
        else wrong.push(`${trace.scenario}: ${line}: predicted ${got}`);
      }
    }
    const errors = analysis.findings
      .filter(({ severity }) => severity === "error")
      .map(({ message }) => message);
    scores.push({ file, proposal: traces[0]?.proposal ?? "?", predicted, calls: total });
    expect(wrong).toEqual([]);
    expect(errors, "sizes, rules, names").toEqual([]);
    expect(total).toBe(calls);
  });
});

afterAll(() => {
  const proposals = [...new Set(scores.map(({ proposal }) => proposal))].toSorted();
  const rows = proposals.map((proposal) => {
    const own = scores.filter((score) => score.proposal === proposal);
    const sum = (pick: (score: Score) => number): number =>
      own.reduce((total, score) => total + pick(score), 0);
    const [predicted, calls] = [sum((score) => score.predicted), sum((score) => score.calls)];
    return `${proposal.padEnd(16)} ${String(predicted).padStart(5)} of ${calls} calls predicted (${own.length} files)`;
  });
  console.log([...rows, `deliberate abstractions listed: ${abstractions()}`].join("\n"));
});

/** Of the proposals that the transcripts are about, as their doc comments list them. */
function abstractions(): number {
  const names = ["iommufd_objects.uapi", "iommufd.uapi", "iommufd_compat.uapi"];
  return names.reduce((total, name) => {
    const doc = (shippedTexts.get(name) ?? "").split(/\n(?!\/\/\/)/)[0] ?? "";
    const list = doc.slice(Math.max(0, doc.indexOf("Deliberate abstractions"))).split("/// Source")[0] ?? "";
    return total + list.split("\n").filter((line) => line.startsWith("/// * ")).length;
  }, 0);
}

describe("importing", () => {
  const machine = "case one\n  bind_driver 0000:03:02.0 vfio-pci -> ok\n";

  test.each([
    ["  FLY c1 -> ok", "there is no call `FLY`"],
    ["  close c1", "a call is `[H =] CALL ARGUMENTS -> ANSWER`"],
    ["  close -> ok", "`close` takes a handle: 1 in all, not 0"],
    ["  SET_IOMMU c1 three -> ok", "`three` is not a number"],
    ["  close c1 -> maybe", "an answer is `ok` or an errno, not `maybe`"],
    ["  open /dev/iommu -> ok", "`open` gives a handle: `H = open …`"],
    ["  x = close c1 -> ok", "`close` gives no handle"],
    ["  close c1 -> ok (size 4)", "only an UNMAP that went well has a size"],
    ['  g = open /dev/"vfio -> ok', '`/dev/"vfio` is not a path'],
  ])("%s", (line, message) => {
    const { text, problems, calls } = importTranscript(
      `${machine}${line}\n  c2 = open /dev/vfio/vfio -> ok\n`,
    );
    expect(problems).toEqual([{ line: 3, message }]);
    expect(calls, "the other lines are there").toBe(2);
    expect(text).toContain(`// line 3 is not understood: ${line.trim()}`);
    expect(text).toContain('c2 = open("/dev/vfio/vfio")');
  });

  test("a call before the first case", () => {
    expect(importTranscript("  close c1 -> ok\n").problems).toEqual([
      { line: 1, message: "a call before the first `case NAME`" },
    ]);
  });

  test("what an UNMAP tells is asserted, and a device is named by what its bind gave", () => {
    const { text } = importTranscript(
      `${machine}  f1 = open /dev/iommu -> ok\n  BIND v1 f1 -> ok\n  h2 = HWPT_ALLOC f1 v1 i3 0 -> EINVAL\n  h3 = HWPT_ALLOC f1 v4 i3 0 -> ENOENT\n  UNMAP c2 0x0 0x2000 -> ok (size 8192)\n`,
    );
    expect(
      text
        .split("\n")
        .slice(-8)
        .map((line) => line.trim()),
    ).toEqual([
      'f1 = open("/dev/iommu")',
      "v1_device = VFIO_DEVICE_BIND_IOMMUFD(v1, f1)",
      "h2 = IOMMU_HWPT_ALLOC(f1, v1_device, i3, 0) fails EINVAL",
      "h3 = IOMMU_HWPT_ALLOC(f1, 0, i3, 0) fails ENOENT",
      "size1 = VFIO_IOMMU_UNMAP_DMA(c2, 0x0, 0x2000)",
      "assert size1 == 8192",
      "}",
      "",
    ]);
  });
});
