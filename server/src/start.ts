// Runs a script of this tool with what V8 made of it when it was built here: most of a start is compiling. What another
// Node made, or for another script, V8 does not take; packages come without. Knows no script.

/// <reference lib="es2024.arraybuffer" />
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { Script } from "node:vm";

/** Gives the script's value. `cache` is a file that server/code-cache.mjs wrote. */
export function start(file: string, cache: string): unknown {
  // Bundles are ASCII, which is read faster so; and a text that is put together V8 would copy.
  const text = readBytes(file).toString("latin1");
  const cachedData = readCache(file, cache);
  const script = new Script(text, { filename: file, ...(cachedData === null ? {} : { cachedData }) });
  return script.runInThisContext();
}

/** Null when there is none, or the script was built after it. */
function readCache(file: string, cache: string): Buffer | null {
  try {
    return statSync(cache).mtimeMs < statSync(file).mtimeMs ? null : readBytes(cache);
  } catch {
    return null;
  }
}

/**
 * Into memory that the system takes back as it is, as it does with what may grow. From a large block that is returned to
 * it, C's allocator learns to keep as much of all that is free later: in a server, some megabytes.
 */
function readBytes(file: string): Buffer {
  const { size } = statSync(file);
  const bytes = Buffer.from(new ArrayBuffer(size, { maxByteLength: size }));
  const descriptor = openSync(file, "r");
  readSync(descriptor, bytes, 0, size, 0);
  closeSync(descriptor);
  return bytes;
}
