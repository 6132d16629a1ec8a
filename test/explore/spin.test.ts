// SPIN, which shares nothing with our engines but the functions of the calls, says the same of every shipped proposal: as
// many states and transitions, the same verdicts, and sequences as short. `.ci/run` installs it; `UAPI_SPIN=1` runs this.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Posed } from "../../server/src/analysis/verify-problems.ts";
import { decide } from "../../server/src/explore/decide.ts";
import { lower } from "../../server/src/explore/lower/index.ts";
import { explore } from "../../server/src/explore/packed/index.ts";
import { shippedNames, sideOf } from "../../server/src/features/compare/side.ts";
import { goalText } from "../../server/src/interop/export-texts.ts";
import { promela } from "../../server/src/interop/promela.ts";
import { printClaim } from "../../server/src/syntax/print.ts";
import dev from "../cases/explore/dev.uapi";
import grp from "../cases/explore/grp.uapi";
import { memoryFiles } from "../support/memory-files.ts";
import { finish, posedIn, unlimited } from "../support/problems.ts";
import { root } from "../support/project-files.ts";
import { bash, spin } from "../support/spin.ts";

const lab = `
topology "1x1" {
  iommu vtd
  group 1 behind vtd { device a1 driver vfio_pci }
}

topology "1x2" {
  iommu vtd
  group 1 behind vtd { device a1 driver vfio_pci   device a2 driver vfio_pci }
}

topology "2x2" {
  iommu vtd
  group 1 behind vtd { device a1 driver vfio_pci   device a2 driver vfio_pci }
  group 2 behind vtd { device b1 driver vfio_pci   device b2 driver vfio_pci }
}
`;

const claims = `safe
  breaks close_is_no_revoke
  reach "both in use": all d in device: accessible(d)
  never "more than one owner": any d in device: owner(d) != none and any e in device: owner(e) not in {none, owner(d)}`;

/** Few enough for SPIN to visit all states in seconds. A limit is for the proposals that have such a thing. */
const oneOfEach = ["ioasid_fd", "iommu_fd", "container_fd", "ioasid"].map((kind) => `limit ${kind} 1`);
const bounds: Readonly<Record<string, readonly string[]>> = {
  "1x1": [],
  "1x2": ["limit mapping 0"],
  "2x2": [...oneOfEach, "limit mapping 0", "limit device_fd 2"],
};

/** Of its sixteen kinds of things, those without which there is no DMA. */
const few = ["access", "fault", "viommu", "allowed", "pasid_attachment", "mapping"].map(
  (kind) => `limit ${kind} 0`,
);
const iommufdBounds: typeof bounds = {
  "1x1": [...few, "limit iommufd 1", "limit ioas 1", "limit hwpt 1", "limit area 1"],
  "1x2": [...few, "limit iommufd 1", "limit ioas 1", "limit hwpt 0", "limit area 0"],
};

const files = memoryFiles(new Map([["lab.uapi", lab]]));
const cases = shippedNames().flatMap((name) => {
  const within = name.startsWith("iommufd") ? iommufdBounds : bounds;
  return Object.entries(within).map(([topology, limits]) => ({ name, topology, limits }));
});

test.concurrent.each(cases)("$name on $topology", async ({ name, topology, limits }) => {
  const side = sideOf(files, {
    proposal: { file: null, name },
    topology: { file: "lab.uapi", name: topology },
    claim: claims,
    bounds: limits,
  });
  if ("wrong" in side) throw new Error(side.wrong);
  await agree(side.posed);
});

const models = [...posedIn(grp), ...posedIn(dev)].filter(({ topology }) => topology.text !== "2x2");

test.concurrent.each(
  models.map((posed) => ({ posed, name: posed.problem.system.proposal, on: posed.topology.text })),
)("the model $name on $on", ({ posed }) => agree(posed));

test.concurrent("depth first it is the same", async () => {
  const [posed] = models;
  if (posed === undefined) throw new Error("there is no model");
  const { states, transitions } = await spin(modelOf(posed).text, []);
  expect({ states, transitions }).toEqual({ states: 236, transitions: 1112 });
});

test.concurrent("the commands of samples/README.md", async () => {
  const page = readFileSync(`${root}samples/README.md`, "utf8");
  const [, commands = ""] = /```sh\n([\s\S]*?)```/.exec(page) ?? [];
  const script = `uapi() { "$NODE" "$ROOT/dist/cli.js" "$@"; }\ncp -r "$ROOT/samples" samples\n${commands}`;
  const out = await bash(script, { ROOT: root, NODE: process.execPath });
  const [, calls] = /^pan:1: the rule secure_context is broken, behind (\d+) calls/m.exec(out) ?? [];
  const replayed = out.slice(out.indexOf("main: ")).match(/^main: /gm);
  expect(replayed?.length).toBe(Number(calls));
});

function modelOf({ problem, claims: posed }: Posed): {
  readonly text: string;
  readonly wanted: readonly string[];
} {
  const said = problem.goals.map((_, goal) => {
    const claim = posed.find(({ goals }) => goals.includes(goal));
    return claim === undefined ? "" : printClaim(claim.node);
  });
  const program = lower(problem);
  if ("unsupported" in program) throw new Error(program.unsupported);
  return {
    text: promela({ problem, said, bounds: [] }, program),
    wanted: problem.goals.map((goal, i) => goalText(problem, goal, said[i] ?? "")),
  };
}

async function agree(posed: Posed): Promise<void> {
  const { problem } = posed;
  const { text, wanted } = modelOf(posed);
  const told = await spin(text);
  // Without goals nothing ends the search early.
  const all = lower({ ...problem, goals: [] });
  if ("unsupported" in all) throw new Error(all.unsupported);
  const ours = finish(explore(all, unlimited, { symmetry: false, engine: "wasm" }));
  const verdicts = finish(decide(problem, unlimited));
  expect({
    states: told.states,
    transitions: told.transitions,
    calls: wanted.map((goal) => told.found.get(goal) ?? null),
  }).toEqual({
    states: ours.states,
    transitions: ours.transitions,
    calls: verdicts.found.map((path) => path?.length ?? null),
  });
}
