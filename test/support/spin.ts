// Runs a Promela model in SPIN, breadth first and to its end, and reads what it says.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface SpinOutcome {
  readonly states: number;
  /** Calls: without the way into the first state, which SPIN counts as well. */
  readonly transitions: number;
  /** What was found, and behind how many calls. */
  readonly found: ReadonlyMap<string, number>;
}

/** `flags` are for the compiler. SPIN and gcc must be there: test/explore/install-spin.sh. */
export async function spin(model: string, flags: readonly string[] = ["-DBFS"]): Promise<SpinOutcome> {
  const folder = await mkdtemp(join(tmpdir(), "uapi-spin-"));
  try {
    await writeFile(join(folder, "model.pml"), model);
    await run("spin", ["-a", "model.pml"], { cwd: folder });
    await run("gcc", ["-O0", "-w", "-DNOREDUCE", ...flags, "-o", "pan", "pan.c"], { cwd: folder });
    const options = { cwd: folder, maxBuffer: 2 ** 26 };
    return read((await run("./pan", ["-c0", "-w20", "-m1000000"], options)).stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What a script prints that runs in an empty folder. The first command that fails ends it. */
export async function bash(script: string, variables: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "uapi-spin-"));
  try {
    const options = { cwd: folder, env: { ...process.env, ...variables } };
    return (await run("bash", ["-euc", script], options)).stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function read(output: string): SpinOutcome {
  const count = (of: RegExp): number => {
    const [, digits] = of.exec(output) ?? [];
    if (digits === undefined) throw new Error(`SPIN did not come to its end:\n${output}`);
    return Number(digits);
  };
  if (/Search not completed|max search depth too small|out of memory/.test(output))
    throw new Error(`SPIN did not see everything:\n${output}`);
  const found = [...output.matchAll(/^pan:\d+: (.*), behind (\d+) calls \(at depth/gm)];
  return {
    states: count(/(\d+) states, stored/),
    transitions: count(/(\d+) transitions/) - 1,
    found: new Map(found.map(([, text = "", calls]) => [text, Number(calls)])),
  };
}
