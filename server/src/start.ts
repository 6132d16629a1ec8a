// Runs a program of this tool, a CommonJS bundle, with what V8 made of it when it was built here: most of a start is
// compiling. What another Node made, or for another bundle, V8 does not take; packages come without. Knows no program.

import { readFileSync, statSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname } from "node:path";
import { Script } from "node:vm";

/** `cache` is the file that server/code-cache.mjs writes. */
export function start(file: string, cache: string): void {
  const require = createRequire(file);
  const cachedData = readCache(file, cache);
  if (cachedData === null) {
    require(file);
    return;
  }
  // Bundles are ASCII, which is read faster so.
  const script = new Script(Module.wrap(readFileSync(file, "latin1")), { filename: file, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, file, dirname(file));
}

/** Null when there is none, or the program was built after it. */
function readCache(file: string, cache: string): Buffer | null {
  try {
    return statSync(cache).mtimeMs < statSync(file).mtimeMs ? null : readFileSync(cache);
  } catch {
    return null;
  }
}
