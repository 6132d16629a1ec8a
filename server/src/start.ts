// Runs a program of this tool, a CommonJS bundle, with what V8 made of it when it was built here: most of a start is
// compiling. What another Node made, or for another bundle, V8 does not take; packages come without. Knows no program.

import { readFileSync, statSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname } from "node:path";
import { Script } from "node:vm";

/** Gives what the bundle exports. `cache` is a file that server/code-cache.mjs wrote. */
export function start(file: string, cache: string): unknown {
  // Bundles are ASCII, which is read faster so.
  const text = Module.wrap(readFileSync(file, "latin1"));
  const cachedData = readCache(file, cache);
  const script = new Script(text, { filename: file, ...(cachedData === null ? {} : { cachedData }) });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
}

/** Null when there is none, or the program was built after it. */
function readCache(file: string, cache: string): Buffer | null {
  try {
    return statSync(cache).mtimeMs < statSync(file).mtimeMs ? null : readFileSync(cache);
  } catch {
    return null;
  }
}
