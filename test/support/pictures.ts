// Pictures of scenarios in a text of the test's own, or of the samples.

import { readFileSync } from "node:fs";
import { createSession } from "../../server/src/analysis/session.ts";
import {
  type Picture,
  pictureOf,
  type TracedScenario,
  tracedScenarios,
} from "../../server/src/features/trace-picture.ts";
import { memoryFiles } from "./memory-files.ts";

/** The scenarios of a text that can be run. */
export function scenariosIn(text: string, others: ReadonlyMap<string, string> = new Map()): TracedScenario[] {
  const session = createSession(memoryFiles(others));
  session.open("main.uapi", text);
  const view = session.view("main.uapi");
  return view === null ? [] : tracedScenarios(view);
}

const samples = new URL("../../samples/", import.meta.url);

/** Those of a file of samples/. */
export function sampleScenarios(file: string): TracedScenario[] {
  const topologies = readFileSync(new URL("topologies.uapi", samples), "utf8");
  return scenariosIn(
    readFileSync(new URL(file, samples), "utf8"),
    new Map([["topologies.uapi", topologies]]),
  );
}

/** The state behind a step of the scenario with this name, or of the first one. Throws when there is none. */
export function pictureIn(scenarios: readonly TracedScenario[], step: number, name?: string): Picture {
  const scenario = scenarios.find((each) => name === undefined || each.name === name);
  if (scenario === undefined) throw new Error(`there is no scenario ${name ?? ""}`);
  return pictureOf(scenario, step);
}
