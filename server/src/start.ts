// Runs a script of this tool with what V8 made of it when it was built here: most of a start is compiling. What another
// Node made, or for another script, V8 does not take; packages come without. Knows no script.

import { readFileSync, statSync } from "node:fs";
import { Script } from "node:vm";

/** Gives the script's value. `cache` is a file that server/code-cache.mjs wrote. */
export function start(file: string, cache: string): unknown {
  // Bundles are ASCII, which is read faster so; and a text that is put together V8 would copy.
  const text = readFileSync(file, "latin1");
  const cachedData = readCache(file, cache);
  const script = new Script(text, { filename: file, ...(cachedData === null ? {} : { cachedData }) });
  return script.runInThisContext();
}

/** Null when there is none, or the script was built after it. */
function readCache(file: string, cache: string): Buffer | null {
  try {
    return statSync(cache).mtimeMs < statSync(file).mtimeMs ? null : readFileSync(cache);
  } catch {
    return null;
  }
}
