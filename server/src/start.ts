// Runs a script of this tool with what V8 made of it when it was built here: most of a start is compiling. What another
// Node made, or for another script, V8 does not take; packages come without. Knows no script.

/// <reference lib="es2024.arraybuffer" />
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { Script } from "node:vm";

export interface Started {
  readonly value: unknown;
  /** Runs what stands behind the part that was run, and gives the value of that. */
  readonly runRest: () => unknown;
}

/**
 * Runs a script, or its first part, of which the text says in front how long it is. `cache` is a file that
 * server/code-cache.mjs wrote.
 */
export function start(file: string, cache: string): Started {
  const [, size] = /^\/\*(\d+)\*\//.exec(textOf(file, 0, longestHead)) ?? [];
  const end = size === undefined ? statSync(file).size : Number(size);
  const cachedData = readCache(file, cache);
  const script = new Script(textOf(file, 0, end), {
    filename: file,
    ...(cachedData === null ? {} : { cachedData }),
  });
  return {
    value: script.runInThisContext(),
    runRest: () => new Script(textOf(file, end, statSync(file).size), { filename: file }).runInThisContext(),
  };
}

const longestHead = 16;

/** Bundles are ASCII, which is read faster so; and a text that is put together V8 would copy. */
const textOf = (file: string, from: number, to: number): string =>
  readBytes(file, from, to).toString("latin1");

/** Null when there is none, or the script was built after it. */
function readCache(file: string, cache: string): Buffer | null {
  try {
    const { mtimeMs, size } = statSync(cache);
    return mtimeMs < statSync(file).mtimeMs ? null : readBytes(cache, 0, size);
  } catch {
    return null;
  }
}

/**
 * Into memory that the system takes back as it is, as it does with what may grow. From a large block that is returned to
 * it, C's allocator learns to keep as much of all that is free later: in a server, some megabytes.
 */
function readBytes(file: string, from: number, to: number): Buffer {
  const size = to - from;
  const bytes = Buffer.from(new ArrayBuffer(size, { maxByteLength: size }));
  const descriptor = openSync(file, "r");
  const count = readSync(descriptor, bytes, 0, size, from);
  closeSync(descriptor);
  return bytes.subarray(0, count);
}
