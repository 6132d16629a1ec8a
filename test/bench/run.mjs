// npm run bench: how long a 10 000-step scenario takes to check, from cold and after an edit of one step.
// Times are medians of this run on this machine. The last column sets them against one parse of the same text by the
// grammar's File rule in the same run, which any change of machine moves as well.

import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundled } from "./bundle.mjs";
import { scenarioText } from "./script.mjs";

const STEPS = 10_000;
const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const noFiles = {
  resolve: () => null,
  siblings: () => [],
  read: () => ({ ok: false, code: "unreadable", message: "none" }),
};

const folder = await mkdtemp(join(tmpdir(), "uapi-bench-"));
const bundle = await bundled(folder, {
  "server/src/analysis/session.ts": ["createSession"],
  "server/src/syntax/generated/parser.js": ["parse"],
});
const { createSession, parse } = await import(pathToFileURL(bundle).href);

/** One fresh process: what it takes from the text to the findings, start of node and loading not counted. */
async function freshProcess(text) {
  const file = join(folder, "cold.mjs");
  await writeFile(join(folder, "text.json"), JSON.stringify(text));
  await writeFile(
    file,
    `import { readFileSync } from "node:fs";
     import { createSession } from ${JSON.stringify(bundle)};
     const text = JSON.parse(readFileSync(${JSON.stringify(join(folder, "text.json"))}, "utf8"));
     const start = performance.now();
     const session = createSession({ resolve: () => null, siblings: () => [], read: () => ({ ok: false, code: "", message: "" }) });
     session.open("a.uapi", text);
     if (session.analyse("a.uapi").findings.length !== 0) throw new Error("findings");
     console.log(performance.now() - start);`,
  );
  const times = [];
  for (let i = 0; i < 5; i++)
    times.push(Number(spawnSync(process.execPath, [file], { encoding: "utf8" }).stdout));
  return median(times);
}

/** A session that knows nothing, in a process that has checked such files before. */
function freshSession(text) {
  const times = [];
  for (let i = 0; i < 12; i++) {
    const start = performance.now();
    const session = createSession(noFiles);
    session.open("a.uapi", text);
    const { findings } = session.analyse("a.uapi");
    times.push(performance.now() - start);
    if (findings.length !== 0) throw new Error(findings[0].message);
  }
  return median(times.slice(4));
}

/** Alternately makes and takes back an edit; each time the findings of the whole file are asked for. */
function edits(text, at, removed, inserted) {
  const session = createSession(noFiles);
  session.open("a.uapi", text);
  session.analyse("a.uapi");
  const before = text.slice(at, at + removed);
  const times = [];
  let findings = 0;
  for (let i = 0; i < 60; i++) {
    const edit =
      i % 2 === 0
        ? { start: at, end: at + removed, text: inserted }
        : { start: at, end: at + inserted.length, text: before };
    const start = performance.now();
    session.edit("a.uapi", edit);
    const analysis = session.analyse("a.uapi");
    times.push(performance.now() - start);
    findings = Math.max(findings, analysis.findings.length);
  }
  return { time: median(times.slice(10)), findings };
}

const text = scenarioText(STEPS, { distinct: true });
const repeated = scenarioText(STEPS, { distinct: false });
const whole = [];
for (let i = 0; i < 7; i++) {
  const start = performance.now();
  parse(text, { startRule: "File" });
  whole.push(performance.now() - start);
}
const unit = median(whole);

const rows = [["grammar's File rule, same text", unit, ""]];
rows.push(["check from cold, fresh process, all lines distinct", await freshProcess(text), ""]);
rows.push(["check from cold, fresh process, repeated lines", await freshProcess(repeated), ""]);
rows.push(["check from cold, fresh session, all lines distinct", freshSession(text), "target 150 ms"]);
rows.push(["check from cold, fresh session, repeated lines", freshSession(repeated), "target 150 ms"]);

const middle = text.indexOf("VFIO_DEVICE_GET_INFO(dev0)", text.length >> 1);
const cases = [
  ["re-check: a character typed into a call in the middle", middle + 4, 0, "x"],
  ["re-check: another argument in the middle", middle + "VFIO_DEVICE_GET_INFO(".length, 4, "dev1"],
  ["re-check: a step inserted in the middle", middle, 0, "VFIO_DEVICE_GET_INFO(dev1)\n  "],
  ["re-check: an expectation added in the middle", middle + "VFIO_DEVICE_GET_INFO(dev0)".length, 0, " ok"],
];
for (const [name, at, removed, inserted] of cases) {
  const { time, findings } = edits(text, at, removed, inserted);
  rows.push([name, time, `target 5 ms (${findings} findings)`]);
}
const early = text.indexOf("VFIO_GROUP_BIND_IOASID_FD(g");
const worst = edits(text, early, "VFIO_GROUP_BIND_IOASID_FD(g, ctx)".length, "");
rows.push([
  "re-check: the bind at the top goes (all later steps change)",
  worst.time,
  `no target (${worst.findings} findings)`,
]);

console.log(`${STEPS} steps, ${(text.length / 1024).toFixed(0)} KiB, node ${process.version}\n`);
console.log(`${"what".padEnd(62)}${"ms".padStart(9)}${"x File rule".padStart(13)}`);
for (const [name, time, note] of rows) {
  console.log(
    `${name.padEnd(62)}${time.toFixed(2).padStart(9)}${(time / unit).toFixed(3).padStart(13)}  ${note}`,
  );
}
await rm(folder, { recursive: true });
