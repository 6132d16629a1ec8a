// node test/bench/repairs.mjs: how long it takes to answer a request for code actions where a step fails: a search for the
// shortest repair, and the analysis of every text that it would make. On each sample without what it expects, at each
// finding, and on the flows that are meant to be repaired. Figures of this machine, processor time, warmed up.

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundled, root } from "./bundle.mjs";

const folder = await mkdtemp(join(tmpdir(), "uapi-bench-"));
const bundle = await bundled(folder, {
  "server/src/analysis/session.ts": ["createSession"],
  "server/src/features/repair/repair.ts": ["repairsFor", "USUAL_TRIES"],
  "server/src/features/code-actions.ts": ["actionsAt"],
  "server/src/features/code-actions/repair.ts": ["isOfStep"],
  "test/support/without-expectations.ts": ["withoutExpectations"],
});
const { createSession, repairsFor, USUAL_TRIES, actionsAt, isOfStep, withoutExpectations } = await import(
  pathToFileURL(bundle).href
);

const topologies = await readFile(join(root, "samples/topologies.uapi"), "utf8");
const files = {
  resolve: (_from, path) => path,
  siblings: () => [],
  read: (uri) =>
    uri === "topologies.uapi"
      ? { ok: true, text: topologies }
      : { ok: false, code: "unreadable", message: "there is no such file" },
};
const budget = () => {
  const until = performance.now() + 200;
  return { tries: USUAL_TRIES, isOver: () => performance.now() > until };
};

const flows = {
  "vfio: no container": `use vfio, "topologies.uapi"
scenario "s" on dual_function {
  g = open("/dev/vfio/26")
  dev0 = VFIO_GROUP_GET_DEVICE_FD(g, nic0)
}
`,
  "group_bind: no bind": `use group_bind, "topologies.uapi"
scenario "s" on dual_function {
  g = open("/dev/vfio/26")
  dev0 = VFIO_GROUP_GET_DEVICE_FD(g, nic0)
}
`,
  "iommufd: no bind": `use iommufd, "topologies.uapi"
scenario "s" on dual_function {
  dev0 = open("/dev/vfio/devices/nic0")
  i = IOMMU_IOAS_ALLOC(open("/dev/iommu"))
  mmap(dev0)
}
`,
};

const milliseconds = (work) => {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { result, time: (user + system) / 1000 };
};

/** Times of the search alone and of all actions, at each finding of a step. */
function timesOn(text) {
  const session = createSession(files);
  session.open("a.uapi", text);
  const times = [];
  for (let round = 0; round < 3; round++) {
    const view = session.view("a.uapi");
    for (const finding of view.analysis.findings.filter(isOfStep)) {
      const { time: repair, result } = milliseconds(() => repairsFor(view, finding, budget()));
      const { time: all } = milliseconds(() =>
        actionsAt(view, finding, { only: null, budget, overBudget: "" }),
      );
      if (round > 0) times.push({ repair, all, found: result.repairs.length > 0 });
    }
  }
  return times;
}

const quantile = (numbers, at) =>
  [...numbers].sort((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * at))] ?? 0;
const shown = (number) => number.toFixed(1).padStart(7);

console.log("milliseconds                                    found   p50    p95    max   all actions p95");
function report(name, times) {
  const repair = times.map((each) => each.repair);
  const found = times.filter((each) => each.found).length;
  const [p50, p95, max] = [0.5, 0.95, 1].map((at) => shown(quantile(repair, at)));
  const all = shown(
    quantile(
      times.map((each) => each.all),
      0.95,
    ),
  );
  console.log(`${name.padEnd(44)} ${String(found).padStart(3)}/${times.length}${p50}${p95}${max}${all}`);
}
for (const [name, text] of Object.entries(flows)) report(name, timesOn(text));
const every = [];
for (const name of (await readdir(join(root, "samples"))).sort()) {
  if (!name.endsWith(".uapi") || name === "topologies.uapi") continue;
  const times = timesOn(withoutExpectations(await readFile(join(root, "samples", name), "utf8")));
  report(name, times);
  every.push(...times);
}
report("all samples", every);
await rm(folder, { recursive: true });
