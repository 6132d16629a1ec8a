// npm run bench:explore: how long a verdict takes, set against SPIN on the same transition system (written by `uapi
// export`), in turn and in one run. Medians; every figure is the ratio of two, or has a limit of its own.
//   node test/bench/explore.mjs [process] [server] [proof] [speed]     all without arguments; SPIN and gcc must be there

import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundled, root } from "./bundle.mjs";

const folder = await mkdtemp(join(tmpdir(), "uapi-bench-"));
const uapi = [process.execPath, join(root, "dist/cli.js")];
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
/** Edits in the server; the first ones are not counted. */
const EDITS = 60;
const WARM_UP = 100;

const sorted = (numbers) => [...numbers].sort((a, b) => a - b);
const median = (numbers) => sorted(numbers)[numbers.length >> 1];
const percentile = (numbers, share) => sorted(numbers)[Math.floor((numbers.length - 1) * share)];

const table = [];
function report(what, value, target, isMet, note) {
  table.push(isMet);
  console.log(
    `${isMet ? "met " : "MISS"}  ${what.padEnd(60)} ${value.padStart(10)}  ${target.padEnd(10)} ${note}`,
  );
}

// ---------------------------------------------------------------- what is explored

const source = (name) => readFile(join(root, `test/cases/explore/${name}.uapi`), "utf8");
const models = { grp: await source("grp"), dev: await source("dev") };

/** The model with one topology and one claim. */
function modelOn(name, groups, devices, claim) {
  const text = models[name];
  const group = (g) => {
    const own = Array.from({ length: devices }, (_, d) => `device d${g}${d} driver vfio_pci`);
    return `  group ${g} behind vtd {\n    ${own.join("\n    ")}\n  }\n`;
  };
  const slots =
    "  iommu c1 { use = context }\n  iommu c2 { use = context }\n  iommu s1 { use = space }\n  iommu s2 { use = space }\n";
  const topology = `topology machine {\n  iommu vtd\n${slots}${Array.from({ length: groups }, (_, g) => group(g + 1)).join("")}}\n`;
  return `${text.slice(0, text.indexOf("\ntopology"))}\n${topology}\nverify ${name} on machine {\n  ${claim}\n}\n`;
}

const shipped = (groups, devices) => {
  const group = (g) =>
    `  group ${g} behind vtd {\n${Array.from({ length: devices }, (_, d) => `    device d${g}${d} driver vfio_pci\n`).join("")}  }\n`;
  return `use group_bind\n\ntopology machine {\n  iommu vtd\n${Array.from({ length: groups }, (_, g) => group(g + 1)).join("")}}\n\nverify group_bind on machine {\n  safe\n}\n`;
};

const bundle = await bundled(folder, {
  "server/src/analysis/session.ts": ["createSession"],
  "server/src/analysis/verify-problems.ts": ["posedBlock"],
  "server/src/features/verify/blocks.ts": ["verifyBlocksOf"],
  "server/src/explore/lower/index.ts": ["lower"],
  "server/src/explore/packed/index.ts": ["explore"],
  "server/src/node.ts": ["preparedIn"],
  "server/src/interop/promela.ts": ["promela"],
});
const { createSession, posedBlock, verifyBlocksOf, lower, explore, preparedIn, promela } = await import(
  pathToFileURL(bundle).href
);

const files = {
  resolve: () => null,
  siblings: () => [],
  read: () => ({ ok: false, code: "unreadable", message: "none" }),
};
const uri = "bench.uapi";

function problemIn(session) {
  const view = session.view(uri);
  const [{ node, origin }] = verifyBlocksOf(view);
  const { posed } = posedBlock(view, node, origin);
  return posed[0].problem;
}

function problemOf(text) {
  const session = createSession(files);
  session.open(uri, text);
  return problemIn(session);
}

function finish(run) {
  for (;;) {
    const next = run.next();
    if (next.done) return next.value;
  }
}

const unlimited = { states: Infinity, bytes: Infinity, isCancelled: () => false };

function verdictOf(problem, engine) {
  const program = lower(problem, { order: true });
  if ("unsupported" in program) throw new Error(program.unsupported);
  return finish(explore(program, unlimited, { symmetry: true, engine, depth: null }));
}

// ---------------------------------------------------------------- processes

/** Without certificates that a machine adds to those of Node, which reads them before any program. */
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

/** Seconds of a command: how long it took, and of how many processors. */
function timed(command, args, cwd, environment = env) {
  const { stdout, stderr, status } = spawnSync(
    "bash",
    ["-c", 'TIMEFORMAT="%R %U %S"; { time "$@" >out.txt 2>err.txt; } 2>&1; exit 0', "bash", command, ...args],
    { cwd, encoding: "utf8", env: environment },
  );
  const [wall, user, system] = stdout.trim().split(" ").map(Number);
  if (status !== 0 || Number.isNaN(system))
    throw new Error(`${command} ${args.join(" ")}: ${stdout}${stderr}`);
  return { wall, cpu: user + system };
}

const plus = (a, b) => ({ wall: a.wall + b.wall, cpu: a.cpu + b.cpu });

async function modelFolder(name, text) {
  const cwd = join(folder, name);
  await mkdir(cwd, { recursive: true });
  await writeFile(join(cwd, "file.uapi"), text);
  const problem = problemOf(text);
  const program = lower(problem);
  await writeFile(join(cwd, "model.pml"), promela({ problem, said: [], bounds: [] }, program));
  return cwd;
}

const compile = (cwd, level) =>
  plus(
    timed("spin", ["-a", "model.pml"], cwd),
    timed("gcc", [level, "-w", "-DBFS", "-DNOREDUCE", "-o", "pan", "pan.c"], cwd),
  );

async function processes() {
  const claims = [
    ["the shortest counterexample of dev, 2 x 2", "dev", "safe", { status: 1, shows: /behind 10 calls/ }],
    ["the proof of grp, 2 x 2", "grp", "safe", { status: 0, shows: /errors: 0/ }],
  ];
  for (const [what, name, claim, expected] of claims) {
    const cwd = await modelFolder(name, modelOn(name, 2, 2, claim));
    const answer = spawnSync(uapi[0], [uapi[1], "verify", "file.uapi"], { cwd, encoding: "utf8" });
    if (answer.status !== expected.status) throw new Error(`uapi verify: ${answer.stdout}${answer.stderr}`);
    const rounds = { ours: [], asItIs: [], "-O0": [], "-O2": [] };
    for (let i = 0; i < ROUNDS; i++) {
      rounds.ours.push(timed(uapi[0], [uapi[1], "verify", "file.uapi"], cwd));
      rounds.asItIs.push(timed(uapi[0], [uapi[1], "verify", "file.uapi"], cwd, process.env));
      for (const level of ["-O0", "-O2"]) {
        rounds[level].push(plus(compile(cwd, level), timed("./pan", [], cwd)));
        const out = await readFile(join(cwd, "out.txt"), "utf8");
        if (!expected.shows.test(out)) throw new Error(`SPIN: ${out}`);
      }
    }
    const of = (key, unit) => median(rounds[key].map((each) => each[unit]));
    const best = of("-O0", "wall") < of("-O2", "wall") ? "-O0" : "-O2";
    const ratio = (unit, own = rounds.ours) =>
      median(own.map((each, i) => each[unit] / rounds[best][i][unit]));
    report(
      `${what}, from text to verdict`,
      `${ratio("wall").toFixed(3)}x`,
      "<= 0.25x",
      ratio("wall") <= 0.25,
      `(${of("ours", "wall").toFixed(2)} to ${of(best, "wall").toFixed(2)} s with ${best}; of processor time ${ratio("cpu").toFixed(3)}x)`,
    );
    if (process.env.NODE_EXTRA_CA_CERTS !== undefined)
      console.log(
        `      (with NODE_EXTRA_CA_CERTS as it is set: ${ratio("wall", rounds.asItIs).toFixed(3)}x)`,
      );
  }
}

// ---------------------------------------------------------------- in the server

/** Milliseconds that this thread was on a processor. */
const onProcessor = () =>
  Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;

/** As the server has it; without a build the shipped proposals are read and compiled. */
const prepared = preparedIn(join(root, "dist/cache/shipped"), join(root, "dist/server.js"));

/** A condition that holds, and that no program had before. */
const unseen = (thing, i) => `(if ${thing}.open then 1 else 2) < ${1000 + i}`;

/** Edits take turns in writing something else in the place of `edited`; what each of them comes to has a row. */
function inServer(text, edited, edits, engine, target) {
  const session = createSession(files, { prepared });
  session.open(uri, text);
  const start = text.indexOf(edited);
  if (start === -1) throw new Error(`no ${edited} in the model`);
  let from = edited;
  const rows = edits.map(() => ({ times: [], processor: [], verdict: "" }));
  for (let i = 0; i < WARM_UP + EDITS * edits.length; i++) {
    const [row, to] = [rows[i % edits.length], edits[i % edits.length].writes(i)];
    const [before, used] = [performance.now(), onProcessor()];
    session.edit(uri, { start, end: start + from.length, text: to });
    const outcome = verdictOf(problemIn(session), engine);
    const [time, processor] = [performance.now() - before, onProcessor() - used];
    from = to;
    const path = outcome.found.find((each) => each !== null);
    row.verdict = path ? `broken by ${path.length} calls` : `${outcome.end}, ${outcome.states} states`;
    if (i < WARM_UP) continue;
    row.times.push(time);
    row.processor.push(processor);
  }
  for (const [i, { times, processor, verdict }] of rows.entries()) {
    const value = median(times);
    const note = `(p95 ${percentile(times, 0.95).toFixed(1)}, least ${Math.min(...times).toFixed(1)}; on a processor ${median(processor).toFixed(1)}; ${verdict})`;
    const what = `after an edit, ${edits[i].what}, ${engine}`;
    report(what, `${value.toFixed(1)} ms`, `<= ${target} ms`, value <= target, note);
  }
}

function server() {
  const alloc = "require s.context == none";
  const same = (what) => [{ what, writes: (i) => `${alloc} and ${unseen("s", i)}` }];
  // The next proof begins anew behind a counterexample.
  const access = "require all p in d.group.devices: p.space != none";
  const outAndIn = [
    {
      what: "grp, 2 x 2, a check less: the counterexample",
      writes: (i) => `require d.space != none and ${unseen("d", i)}`,
    },
    { what: "grp, 2 x 2, the check is back: the proof", writes: (i) => `${access} and ${unseen("d", i)}` },
  ];
  for (const [engine, target] of [
    ["wasm", 5],
    ["closures", 50],
  ]) {
    inServer(modelOn("dev", 2, 2, "safe"), alloc, same("dev, 2 x 2, the counterexample"), engine, target);
    inServer(modelOn("grp", 2, 2, "safe"), alloc, same("grp, 2 x 2, the proof"), engine, target);
    inServer(modelOn("grp", 2, 2, "safe"), access, outAndIn, engine, target);
  }
}

// ---------------------------------------------------------------- a proof with symmetry

/** A process, the most memory that it had, and the time on processors until shortly before its end. */
async function measured(args, cwd) {
  const start = performance.now();
  const child = spawn(uapi[0], [uapi[1], ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  let most = 0;
  let cpu = 0;
  const ended = new Promise((done) => child.once("close", done));
  const timer = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, "utf8").catch(() => "");
    most = Math.max(most, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
    const stat = await readFile(`/proc/${child.pid}/stat`, "utf8").catch(() => "");
    const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(")")).split(" ").slice(12, 14).map(Number);
    cpu = Math.max(cpu, (user + system) / 100);
  }, 20);
  const status = await ended;
  clearInterval(timer);
  return { seconds: (performance.now() - start) / 1000, megabytes: most / 1024, cpu, out, status };
}

async function proof() {
  for (const [what, text] of [
    ["grp, 3 x 3", modelOn("grp", 3, 3, "safe")],
    ["group_bind, 3 x 3", shipped(3, 3)],
  ]) {
    const cwd = join(folder, what.replace(/\W+/g, "-"));
    await mkdir(cwd, { recursive: true });
    await writeFile(join(cwd, "file.uapi"), text);
    const rounds = [];
    for (let i = 0; i < ROUNDS; i++) {
      const round = await measured(["verify", "--time", "120", "file.uapi"], cwd);
      rounds.push(round);
      if (round.status !== 0) break;
    }
    const { out, status } = rounds[0];
    const seconds = median(rounds.map((each) => each.seconds));
    const megabytes = median(rounds.map((each) => each.megabytes));
    const states = /([\d ,]+) states/.exec(out)?.[1]?.trim() ?? "?";
    const used = median(rounds.map((each) => each.cpu)).toFixed(1);
    const note =
      status === 0
        ? `(${states} states; ${used} s on processors)`
        : `(not proved: ${out.trim().split("\n").at(-1)})`;
    report(`the proof of ${what}`, `${seconds.toFixed(2)} s`, "<= 5 s", status === 0 && seconds <= 5, note);
    report(
      `the proof of ${what}, resident`,
      `${megabytes.toFixed(0)} MB`,
      "<= 100 MB",
      status === 0 && megabytes <= 100,
      "",
    );
  }
}

// ---------------------------------------------------------------- transitions

async function speed() {
  const text = modelOn("grp", 2, 3, "safe");
  const cwd = await modelFolder("speed", text);
  compile(cwd, "-O2");
  const program = lower(problemOf(text));
  const rounds = [];
  let transitions = 0;
  for (let i = 0; i < ROUNDS; i++) {
    const before = process.cpuUsage();
    const outcome = finish(explore(program, unlimited, { symmetry: false, engine: "wasm", depth: null }));
    const used = process.cpuUsage(before);
    const theirs = timed("./pan", [], cwd);
    const out = await readFile(join(cwd, "out.txt"), "utf8");
    const states = Number(/(\d+) states, stored/.exec(out)?.[1]);
    transitions = outcome.transitions;
    if (states !== outcome.states) throw new Error(`${outcome.states} states here, ${states} in SPIN`);
    rounds.push({ ours: transitions / (used.user + used.system), theirs: transitions / 1e6 / theirs.cpu });
  }
  const ratio = median(rounds.map(({ ours, theirs }) => ours / theirs));
  report(
    "transitions of a second of processor time, grp, 2 x 3",
    `${ratio.toFixed(2)}x`,
    ">= 3x",
    ratio >= 3,
    `(${median(rounds.map(({ ours }) => ours)).toFixed(1)} to ${median(rounds.map(({ theirs }) => theirs)).toFixed(1)} million; ${(transitions / 1e6).toFixed(1)} million in all)`,
  );
}

// ----------------------------------------------------------------

const parts = { process: processes, server, proof, speed };
const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries(parts))
  if (wanted.length === 0 || wanted.includes(name)) await run();
await rm(folder, { recursive: true, force: true });
const met = table.filter((isMet) => isMet).length;
console.log(`${met} of ${table.length} targets met`);
