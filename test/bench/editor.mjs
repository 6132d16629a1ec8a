// npm run bench:editor: how long an editor waits for the language server. Every figure is a ratio: pairs of this server
// and of an echo server on the same library (echo-server.mjs), taken in turn in one run; the median of the pairs counts.
//   node test/bench/editor.mjs [latency] [worst] [burst] [cold] [requests] [memory]     all without arguments

import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { positionAt, startServer } from "./language-client.mjs";
import { scenarioText } from "./script.mjs";

const root = resolve(fileURLToPath(import.meta.url), "../../..");
const ours = [join(root, "dist/node/server.cjs"), ["--stdio"]];
const folder = await mkdtemp(join(tmpdir(), "uapi-bench-"));
const echo = [join(folder, "echo-server.cjs"), []];
const uri = "file:///bench/long.uapi";
const rounds = 100;
const warmUp = 20;
/** Milliseconds between two keys, as somebody types: a server is idle when a key comes. */
const typing = 30;

await build({
  entryPoints: [join(root, "test/bench/echo-server.mjs")],
  outfile: echo[0],
  bundle: true,
  minify: true,
  format: "cjs",
  platform: "node",
  logLevel: "error",
});

const sorted = (numbers) => [...numbers].sort((a, b) => a - b);
const median = (numbers) => sorted(numbers)[numbers.length >> 1];
const percentile = (numbers, share) => sorted(numbers)[Math.floor((numbers.length - 1) * share)];
const ratio = (pairs) => median(pairs.map(([one, other]) => one / other));

const table = [];
const report = (what, { value, unit, echoValue, target, isMet, note = "" }) => {
  table.push({ what, value, unit, echoValue, target, isMet, note });
  const shown = echoValue === undefined ? "" : `  (${echoValue})`;
  console.log(
    `${isMet ? "met " : "MISS"}  ${what.padEnd(58)} ${`${value}${unit}`.padStart(9)}  ${target}${shown}${note}`,
  );
};
const paired = (what, pairs, target, unit = "ms") => {
  const value = ratio(pairs);
  report(what, {
    value: value.toFixed(2),
    unit: "x",
    target: `<= ${target}x`,
    echoValue: `${median(pairs.map(([one]) => one)).toFixed(1)} to ${median(pairs.map(([, other]) => other)).toFixed(1)} ${unit}`,
    isMet: value <= target,
  });
};

/** A scenario of this many lines in all, one line in the middle ready to be typed into. */
function documentOf(lines) {
  const text = scenarioText(lines - 12, { distinct: true });
  const middle = text.indexOf("VFIO_DEVICE_GET_INFO(dev", text.length >> 1) + 4;
  return { text, middle: positionAt(text, middle) };
}

const empty = (at) => ({ start: at, end: at });
const span = ({ line, character }, length) => ({
  start: { line, character },
  end: { line, character: character + length },
});

/** Both servers with the same document open. */
async function pair(text) {
  const servers = [await startServer(...ours), await startServer(...echo)];
  for (const [i, server] of servers.entries()) {
    const opened = server.diagnostics(
      (params) => params.uri === uri && (i === 1 || params.diagnostics.length === 0),
    );
    server.open(uri, text);
    await opened;
  }
  return {
    servers,
    stop: () => Promise.all(servers.map((server) => server.stop())),
  };
}

/** One change of both, in turn: how long until the diagnostics of that version are there and right. */
async function changeBoth({ servers }, version, range, text, isRight) {
  const times = [0, 0];
  for (const i of version % 2 === 0 ? [0, 1] : [1, 0]) {
    const server = servers[i];
    await pause(typing);
    const answer = server.diagnostics(
      (params) => params.version === version && (i === 1 || isRight(params.diagnostics)),
    );
    const sent = performance.now();
    server.change(uri, version, range, text);
    times[i] = (await answer) - sent;
  }
  return times;
}

const isClean = (diagnostics) => diagnostics.length === 0;
const isBroken = (diagnostics) => diagnostics.length > 0 && diagnostics[0].code === "unknown-call";

const single = new Map();
async function latency() {
  for (const [lines, target] of [
    [100, 1.5],
    [1000, 1.5],
    [10_000, 1.2],
    [100_000, 1],
  ]) {
    const { text, middle } = documentOf(lines);
    const both = await pair(text);
    const pairs = [];
    for (let i = 0; i < rounds + warmUp; i++) {
      const isInsert = i % 2 === 0;
      const times = isInsert
        ? await changeBoth(both, i + 2, empty(middle), "x", isBroken)
        : await changeBoth(both, i + 2, span(middle, 1), "", isClean);
      if (i >= warmUp) pairs.push(times);
    }
    single.set(lines, median(pairs.map(([time]) => time)));
    paired(`key to right diagnostics, ${lines} lines`, pairs, target);
    await both.stop();
  }
}

const isPartial = (last) => last?.code === "more" && last.message.includes("still being checked");

/** All that is published for this version, with times, until it is complete. */
function answers(server, version) {
  const all = [];
  const complete = server.diagnostics((params, at) => {
    if (params.version !== version) return false;
    all.push({ at, diagnostics: params.diagnostics });
    return !isPartial(params.diagnostics.at(-1));
  });
  return complete.then(() => all);
}

/** What a server that has seen nothing else says about a text. */
async function fromScratch(text) {
  const server = await startServer(...ours);
  const all = answers(server, 1);
  server.open(uri, text);
  const { diagnostics } = (await all).at(-1);
  await server.stop();
  return diagnostics;
}

/** Right as far as it says: the last one names the line from which on nothing is known. */
function checkAnswers(all, expected) {
  const mustBe = (what, is, wanted) => {
    if (JSON.stringify(is) !== JSON.stringify(wanted))
      throw new Error(
        `${what}: ${JSON.stringify(is.slice(0, 3))} instead of ${JSON.stringify(wanted.slice(0, 3))}`,
      );
  };
  for (const { diagnostics } of all.slice(0, -1)) {
    const { line } = diagnostics.at(-1).range.start;
    const inFront = expected.filter(({ range, code }) => range.start.line < line && code !== "more");
    mustBe(`the answer up to line ${line}`, diagnostics.slice(0, -1), inFront);
  }
  mustBe("the complete answer", all.at(-1).diagnostics, expected);
}

/**
 * A call at the top is broken and mended in turn, so that all behind it comes out otherwise. The server runs 100 000
 * steps again, but it answers before: with what is wrong in the first lines, and with how far that goes. The time to
 * this first answer is what counts; both answers are held against those of a server that saw the text only. The next
 * change waits until the answer is complete.
 */
async function worst() {
  const { text } = documentOf(100_000);
  const call = "VFIO_GROUP_BIND_IOASID_FD(g, ctx)";
  const offset = text.indexOf(call);
  const at = positionAt(text, offset);
  const broken = `${text.slice(0, offset)}X${text.slice(offset + 1)}`;
  const expected = [await fromScratch(broken), await fromScratch(text)];
  const { servers, stop } = await pair(text);
  const [server, other] = servers;
  const [pairs, complete, reach] = [[], [], []];
  for (let version = 2; version < 26; version++) {
    const isBreaking = version % 2 === 0;
    const times = { own: 0, all: 0, echo: 0 };
    const change = (to) => to.change(uri, version, span(at, 1), isBreaking ? "X" : call[0]);
    const changeOwn = async () => {
      await pause(typing);
      const answer = answers(server, version);
      const sent = performance.now();
      change(server);
      const all = await answer;
      checkAnswers(all, expected[isBreaking ? 0 : 1]);
      times.own = all[0].at - sent;
      times.all = all.at(-1).at - sent;
      reach.push(all.length === 1 ? 100_000 : all[0].diagnostics.at(-1).range.start.line);
    };
    const changeOther = async () => {
      await pause(typing);
      const answer = other.diagnostics((params) => params.version === version);
      const sent = performance.now();
      change(other);
      times.echo = (await answer) - sent;
    };
    for (const next of isBreaking ? [changeOwn, changeOther] : [changeOther, changeOwn]) await next();
    if (version < 10) continue;
    pairs.push([times.own, times.echo]);
    complete.push(times.all);
  }
  paired("an early call breaks every later one, 100000 lines", pairs, 6);
  console.log(
    `      (first answer: up to line ${median(reach)}; complete, and as from scratch: ${median(complete).toFixed(0)} ms)`,
  );
  await stop();
}

/** Types 60 letters into a name; the last state has one mistake as the first has. */
async function burst() {
  for (const lines of [100, 1000, 10_000, 100_000]) {
    const { text, middle } = documentOf(lines);
    const { servers, stop } = await pair(text);
    const [server] = servers;
    let version = 1;
    const keys = [];
    const bursts = [];
    for (let i = 0; i < 44; i++) {
      await pause(20);
      version++;
      const answer = server.diagnostics(
        (params) => params.version === version && (i % 2 === 0 ? isBroken : isClean)(params.diagnostics),
      );
      const sent = performance.now();
      server.change(uri, version, i % 2 === 0 ? empty(middle) : span(middle, 1), i % 2 === 0 ? "x" : "");
      keys.push((await answer) - sent);
    }
    for (let i = 0; i < 5; i++) {
      for (let key = 0; key < 60; key++) {
        await pause(20);
        version++;
        const last = version;
        const answer =
          key < 59
            ? null
            : server.diagnostics((params) => params.version === last && isBroken(params.diagnostics));
        const sent = performance.now();
        server.change(uri, version, empty(middle), "x");
        if (answer !== null) bursts.push((await answer) - sent);
      }
      version++;
      const mended = server.diagnostics(
        (params) => params.version === version && isClean(params.diagnostics),
      );
      server.change(uri, version, span(middle, 60), "");
      await mended;
    }
    const value = median(bursts) / median(keys.slice(20));
    report(`last of 60 keys at 20 ms, to a single key, ${lines} lines`, {
      value: value.toFixed(2),
      unit: "x",
      target: "<= 3x",
      echoValue: `${median(bursts).toFixed(1)} to ${median(keys.slice(20)).toFixed(1)} ms`,
      isMet: value <= 3,
    });
    await stop();
  }
}

async function cold() {
  const { text } = documentOf(100);
  const broken = text.replace("VFIO_DEVICE_GET_INFO", "VFIO_DEVICE_GET_IMFO");
  const start = async ([file, args], isRight) => {
    const from = performance.now();
    const server = await startServer(file, args);
    const answer = server.diagnostics(({ diagnostics }) => isRight(diagnostics));
    server.open(uri, broken);
    const time = (await answer) - from;
    await server.stop();
    return time;
  };
  const node = () =>
    new Promise((done) => {
      const from = performance.now();
      spawn(process.execPath, ["-e", "0"], { stdio: "ignore" }).once("exit", () =>
        done(performance.now() - from),
      );
    });
  const measured = async () => {
    const [pairs, echoes] = [[], []];
    for (let i = 0; i < 17; i++) {
      const base = await node();
      const own = await start(ours, isBroken);
      const other = await start(echo, () => true);
      if (i < 2) continue;
      pairs.push([own, base]);
      echoes.push([other, base]);
    }
    return { pairs, echoes };
  };
  const { pairs, echoes } = await measured();
  paired("cold start to first right diagnostics, to `node -e 0`", pairs, 1.5);
  console.log(`      (the echo server: ${ratio(echoes).toFixed(2)}x)`);
  const { NODE_EXTRA_CA_CERTS: certificates } = process.env;
  if (certificates === undefined) return;
  // Node reads them before any program, which is longer than all the rest of its start.
  delete process.env.NODE_EXTRA_CA_CERTS;
  const bare = await measured();
  process.env.NODE_EXTRA_CA_CERTS = certificates;
  const [own, base] = [0, 1].map((i) => median(bare.pairs.map((pair) => pair[i])).toFixed(1));
  console.log(
    `      (without NODE_EXTRA_CA_CERTS, which is set: ${ratio(bare.pairs).toFixed(2)}x, ${own} to ${base} ms; the echo server: ${ratio(bare.echoes).toFixed(2)}x)`,
  );
}

/** Resident memory, in MiB, when the server has had time to give back what it does not need. */
async function settled(server) {
  await pause(12_000);
  return server.memory() / 1024;
}

async function memory() {
  const { text, middle } = documentOf(100_000);
  const pairs = [];
  for (let i = 0; i < 3; i++) {
    const both = await pair(text);
    for (let k = 0; k < 10; k++) {
      if (k % 2 === 0) await changeBoth(both, k + 2, empty(middle), "x", isBroken);
      else await changeBoth(both, k + 2, span(middle, 1), "", isClean);
    }
    pairs.push(await Promise.all(both.servers.map(settled)));
    await both.stop();
  }
  paired("resident memory, 100000 lines", pairs, 1.3, "MiB");
}

/** Offsets where a word starts, at most this many, spread over the text. */
function wordsOf(text, most) {
  const all = [...text.matchAll(/[A-Za-z_]\w*/g)].map(({ index }) => index + 1);
  const step = Math.max(1, all.length / most);
  return Array.from({ length: Math.min(most, all.length) }, (_, i) => all[Math.floor(i * step)]);
}

async function requests() {
  const names = (await readdir(join(root, "samples"))).filter((name) => name.endsWith(".uapi"));
  const server = await startServer(...ours);
  const slow = { hover: [], completion: [], repair: [] };
  const times = { hover: [], completion: [], repair: [] };
  let repairs = 0;
  for (const name of names) {
    const text = await readFile(join(root, "samples", name), "utf8");
    const sample = `file://${join(root, "samples", name)}`;
    const textDocument = { uri: sample };
    const opened = server.diagnostics((params) => params.uri === sample);
    server.open(sample, text);
    await opened;
    const own = { hover: [], completion: [], repair: [] };
    for (const offset of wordsOf(text, 120)) {
      const position = positionAt(text, offset);
      own.hover.push((await server.request("textDocument/hover", { textDocument, position })).time);
      own.completion.push((await server.request("textDocument/completion", { textDocument, position })).time);
    }
    // What the samples expect is what there is to repair.
    const bare = text.replace(/[ \t]+(?:fails|violates)[ \t]+\w+/g, "");
    let diagnostics = [];
    const changed = server.diagnostics((params) => {
      diagnostics = params.diagnostics;
      return params.uri === sample && params.version === 2;
    });
    server.notify("textDocument/didChange", {
      textDocument: { uri: sample, version: 2 },
      contentChanges: [{ text: bare }],
    });
    await changed;
    for (const diagnostic of diagnostics) {
      const from = performance.now();
      const { result } = await server.request("textDocument/codeAction", {
        textDocument,
        range: diagnostic.range,
        context: { diagnostics: [diagnostic], only: ["quickfix"], triggerKind: 1 },
      });
      const [first] = result ?? [];
      if (first === undefined) continue;
      if (first.edit === undefined) await server.request("codeAction/resolve", first);
      own.repair.push(performance.now() - from);
      repairs++;
    }
    for (const kind of Object.keys(times)) {
      times[kind].push(...own[kind]);
      if (own[kind].length > 0) slow[kind].push([percentile(own[kind], 0.95), name]);
    }
  }
  for (const kind of Object.keys(times)) {
    const [value, name] = slow[kind].sort((a, b) => b[0] - a[0])[0] ?? [Number.NaN, "none"];
    report(`${kind}: p95 on the slowest sample`, {
      value: value.toFixed(1),
      unit: "ms",
      target: "< 50 ms",
      isMet: value < 50,
      echoValue: `${name}; ${times[kind].length} requests, median ${median(times[kind])?.toFixed(1)}`,
    });
  }
  if (repairs === 0) console.log("      (no repair was offered)");
  await server.stop();
}

const parts = { latency, worst, burst, cold, requests, memory };
const wanted = process.argv.slice(2);
console.log(
  `node ${process.version}; in brackets the medians of this server and of what it is compared with\n`,
);
for (const [name, run] of Object.entries(parts))
  if (wanted.length === 0 || wanted.includes(name)) await run();
await rm(folder, { recursive: true });
console.log(`\n${table.filter(({ isMet }) => isMet).length} of ${table.length} met`);
