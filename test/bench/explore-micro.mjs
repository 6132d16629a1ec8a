// node test/bench/explore-micro.mjs: what the packed explorer costs by itself, without reading a text and lowering it: states
// and transitions per second of processor time, with and without symmetry, and how long one verdict takes inside a process
// that lives on, of a program that was never seen before. A search is cancelled between two slices: the longest one is
// printed, too. Figures of this machine; trust the least.

import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundled } from "./bundle.mjs";

const folder = await mkdtemp(join(tmpdir(), "uapi-bench-"));
const bundle = await bundled(folder, {
  "server/src/explore/packed/index.ts": ["explore"],
  "test/explore/packed-models.ts": ["model"],
});
const { explore, model } = await import(pathToFileURL(bundle).href);
await rm(folder, { recursive: true });

const unlimited = { states: Number.POSITIVE_INFINITY, bytes: 2 ** 32, isCancelled: () => false };
let seen = 0;

/** With a function that nobody calls, so that no engine has compiled the same before. */
function fresh(name, [groups, devices]) {
  const program = model(name, { groups, devices, contexts: 2, spaces: 2 });
  const unused = {
    name: "unused",
    params: 0,
    locals: 0,
    body: [{ a: "return", value: { v: "const", value: 1000 + seen++ } }],
  };
  return { ...program, functions: [...program.functions, unused] };
}

/** Milliseconds that this thread was on a processor: other work of the machine does not count. */
const onProcessor = () =>
  Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;

function run(name, size, options) {
  const program = fresh(name, size);
  const started = performance.now();
  const before = process.cpuUsage();
  const search = explore(program, unlimited, options);
  let longest = 0;
  let step;
  for (let last = onProcessor(); step?.done !== true; ) {
    step = search.next();
    const now = onProcessor();
    longest = Math.max(longest, now - last);
    last = now;
  }
  const { user, system } = process.cpuUsage(before);
  return { outcome: step.value, wall: performance.now() - started, cpu: (user + system) / 1000, longest };
}

const sorted = (numbers) => [...numbers].sort((a, b) => a - b);
const whole = process.argv.includes("--whole");

console.log("one verdict at 2 x 2 in a warm process, ms: least / median of processor time, of wall time");
for (const engine of ["wasm", "closures"]) {
  for (const name of ["dev", "grp"]) {
    const runs = Array.from({ length: 30 }, () => run(name, [2, 2], { symmetry: true, engine }));
    const [cpu, wall] = ["cpu", "wall"].map((key) => sorted(runs.map((each) => each[key])));
    const { states, end } = runs[0].outcome;
    console.log(
      `  ${engine} ${name} ${end} ${states} states: ` +
        `${cpu[0].toFixed(1)} / ${cpu[15].toFixed(1)}, ${wall[0].toFixed(1)} / ${wall[15].toFixed(1)}`,
    );
  }
}

const large = [
  ["grp", [2, 2], { symmetry: false, engine: "wasm" }],
  ["dev", [2, 2], { symmetry: false, engine: "wasm" }],
  ["grp", [2, 2], { symmetry: false, engine: "closures" }],
  ["grp", [2, 3], { symmetry: false, engine: "wasm" }],
  ["grp", [2, 3], { symmetry: true, engine: "wasm" }],
  ["dev", [3, 3], { symmetry: true, engine: "wasm" }],
  ["grp", [3, 3], { symmetry: true, engine: "wasm" }],
  ...(whole ? [["dev", [3, 3], { symmetry: false, engine: "wasm" }]] : []),
];
console.log("a whole search (--whole adds one of 116 million transitions)");
for (const [name, size, options] of large) {
  const { outcome, wall, cpu, longest } = run(name, size, options);
  const { states, transitions, orbits, found } = outcome;
  console.log(
    `  ${name} ${size.join(" x ")} ${options.engine}${options.symmetry ? " symmetric" : ""}: ` +
      `${found[0] === null ? "proof" : `${found[0].length} calls`}, ${states} states (${orbits ?? "-"}), ` +
      `${transitions} transitions, ${cpu.toFixed(0)} ms of processor, ${wall.toFixed(0)} ms, ` +
      `${(transitions / cpu / 1000).toFixed(2)} M/s, longest slice ${longest.toFixed(0)} ms, ` +
      `${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`,
  );
}
