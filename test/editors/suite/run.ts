// The entry of the suite inside an editor: VS Code calls run() in its extension host. Every case is reported as one
// line on the console, which the test outside reads; one that fails does not keep the others from running.

import * as vscode from "vscode";
import { cases } from "./cases.ts";

export async function run(): Promise<void> {
  const kind = typeof process === "object" && process.versions?.node !== undefined ? "node" : "web";
  for (const { name, only, run: runCase } of cases) {
    if (only !== undefined && only !== kind) continue;
    const started = Date.now();
    let problem: string | null = null;
    try {
      await runCase({ vscode, kind });
    } catch (error) {
      problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    console.log(`uapi-case ${JSON.stringify({ name, problem, milliseconds: Date.now() - started })}`);
  }
}
