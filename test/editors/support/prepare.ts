// Before the editor tests, once: the extension is packaged, as `npm run package` does, and the suite that runs inside
// the editors is bundled into one CommonJS file. Both lie in the output folder.

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { output, root, suite, tools, vsix } from "./place.ts";

/** Behind the tests. */
export function teardown(): void {
  console.log("screenshots: test/editors/output");
}

export async function setup(): Promise<void> {
  mkdirSync(output, { recursive: true });
  const words = [join(tools, "@vscode/vsce/vsce"), "package", "--no-dependencies", "--out", vsix];
  execFileSync(process.execPath, words, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  await build({
    entryPoints: [join(root, "test/editors/suite/run.ts")],
    outfile: suite,
    bundle: true,
    format: "cjs",
    platform: "neutral",
    target: "es2022",
    external: ["vscode", "node:*"],
    logLevel: "warning",
  });
}
