// Files on disk, for the entries that run in Node: reading them strictly, finding them under a directory, and
// keeping `use` inside the workspace. Knows nothing of the language.
//
// A uri is a plain path with `/`: relative to the current directory when it lies below it, else as it was given.
// A byte order mark is not part of the text: offsets count from the first character behind it, as in editors.
// Whoever writes a file back asks `bom` and puts it there again.

import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Prepared } from "./analysis/outlines.ts";
import type { Files } from "./analysis.ts";
import { linesOf, positionAt } from "./base/lines.ts";

/** Larger files are no hand-written uAPI; reading them would only make the machine swap. */
const sizeLimit = 16 * 1024 * 1024;

export type DiskText =
  | { readonly ok: true; readonly text: string; readonly bom: boolean }
  | {
      readonly ok: false;
      readonly code: string;
      readonly message: string;
      readonly offset?: number;
      /** The text in front of the place that could not be read; `offset` is its end. */
      readonly decoded?: string;
    };

export interface Collected {
  /** Sorted. */
  readonly files: readonly string[];
  /** Directories that could not be listed. */
  readonly problems: readonly { readonly uri: string; readonly code: string; readonly message: string }[];
}

interface DiskOptions {
  /** The directory that uris are relative to. */
  readonly cwd?: string;
  /** Further directories that a `use` may not leave, for files that lie outside `root`. */
  readonly more?: readonly string[];
}

/** The files of a workspace. `root` and `more` are directories; a `use` stays inside the one that holds its file. */
export function diskFiles(root: string, options: DiskOptions = {}): Files {
  const cwd = options.cwd ?? process.cwd();
  const roots = [root, ...(options.more ?? [])].map((path) => resolve(cwd, path));
  const rootOf = (path: string): string | undefined => roots.find((candidate) => isBelow(candidate, path));
  return {
    resolve: (from, path) => {
      const file = resolve(cwd, from);
      const target = resolve(dirname(file), path);
      const home = rootOf(file);
      return home !== undefined && staysInside(home, target) ? diskUri(cwd, target, from) : null;
    },
    siblings: (from) => {
      const file = resolve(cwd, from);
      const home = rootOf(file);
      if (home === undefined) return [];
      return namesIn(dirname(file))
        .filter((name) => name !== basename(file))
        .map((name) => join(dirname(file), name))
        .filter((path) => staysInside(home, path) && statOf(path)?.isFile() === true)
        .map((path) => diskUri(cwd, path, from));
    },
    read: (uri) => loadFile(resolve(cwd, uri), { regularOnly: true }),
  };
}

/** The uri of a path; `like` is a path as somebody gave it: an absolute one outside `cwd` stays absolute. */
function diskUri(cwd: string, path: string, like: string = path): string {
  const near = relative(cwd, path);
  const shown = isBelow(cwd, path) || !isAbsolute(like) ? near : path;
  return (shown === "" ? "." : shown).split(sep).join("/");
}

/**
 * The .uapi files below a directory. Skipped: node_modules, names that start with a dot, and links that lead out of
 * `root` or back to a directory that holds them. A directory that is reached twice counts once.
 */
export function collectFiles(
  path: string,
  options: { readonly cwd: string; readonly root: string },
): Collected {
  const top = resolve(options.cwd, path);
  const seen = new Set<string>();
  const files: string[] = [];
  const problems: Collected["problems"][number][] = [];
  // Links come last, so that what can be reached without one has its own name.
  const pending = [top];
  const links: string[] = [];
  for (;;) {
    const directory = pending.shift() ?? links.shift();
    if (directory === undefined) break;
    const real = realOf(directory);
    if (real === null || seen.has(real)) continue;
    seen.add(real);
    try {
      for (const entry of readdirSync(directory, { withFileTypes: true })) {
        if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
        const child = join(directory, entry.name);
        const isLink = entry.isSymbolicLink();
        if (isLink && (!staysInside(options.root, child) || isBelow(realOf(child) ?? child, real))) continue;
        const target = isLink ? statOf(child) : entry;
        if (target?.isDirectory() === true) (isLink ? links : pending).push(child);
        if (target?.isFile() === true && entry.name.endsWith(".uapi")) files.push(child);
      }
    } catch (error) {
      const uri = diskUri(options.cwd, directory, path);
      problems.push({ uri, code: "unreadable", message: `cannot list this directory: ${reason(error)}` });
    }
  }
  const uris = files.map((file) => diskUri(options.cwd, file, path));
  return {
    files: uris.toSorted(byCodeUnit),
    problems: problems.toSorted((a, b) => byCodeUnit(a.uri, b.uri)),
  };
}

/** What an argument of the command line names. `root` is what its files may not leave with `use`. */
export type Found =
  | { readonly kind: "nothing" }
  | { readonly kind: "file"; readonly uri: string; readonly root: string }
  | ({ readonly kind: "directory"; readonly root: string } & Collected);

/** The workspace is the current directory; of what lies outside, the directory that was named or holds the file. */
export function findFiles(argument: string, cwd: string): Found {
  const path = resolve(cwd, argument);
  const stat = statOf(path);
  if (stat === null) return { kind: "nothing" };
  const directory = stat.isDirectory() ? path : dirname(path);
  const root = isBelow(cwd, path) ? cwd : directory;
  if (!stat.isDirectory()) return { kind: "file", uri: diskUri(cwd, path, argument), root };
  return { kind: "directory", root, ...collectFiles(argument, { cwd, root }) };
}

/** Reads a file strictly. Pipes and devices only when a person named them: a `use` must not wait for one. */
export function loadFile(path: string, options: { readonly regularOnly?: boolean } = {}): DiskText {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) return unreadable("this is a directory");
    if (options.regularOnly === true && !stat.isFile()) return unreadable("this is no regular file");
    if (stat.isFile() && stat.size > sizeLimit) return tooLarge(stat.size);
    return decodeText(readUpTo(path, sizeLimit + 1));
  } catch (error) {
    return unreadable(reason(error));
  }
}

/** Strict UTF-8 without NUL: anything else is another file than its author thinks. */
export function decodeText(bytes: Uint8Array): DiskText {
  if (bytes.length > sizeLimit) return tooLarge(bytes.length);
  const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const content = bom ? bytes.subarray(3) : bytes;
  const bad = firstBadByte(content);
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(content.subarray(0, bad));
  const shift = bom ? 3 : 0;
  if (bad < content.length) {
    const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    const byte = `byte 0x${(content[bad] ?? 0).toString(16).padStart(2, "0")} at offset ${bad + shift}`;
    const message = `${byte} is no UTF-8, in line ${lastLine(text)}${utf16 ? "; this looks like UTF-16" : ""}`;
    return { ok: false, code: "not-utf8", message, offset: text.length, decoded: text };
  }
  const nul = text.indexOf("\0");
  if (nul < 0) return { ok: true, text, bom };
  const decoded = text.slice(0, nul);
  const message = `a NUL byte at offset ${content.indexOf(0) + shift}, in line ${lastLine(decoded)}`;
  return { ok: false, code: "nul-byte", message, offset: nul, decoded };
}

function readUpTo(path: string, limit: number): Uint8Array {
  const file = openSync(path, "r");
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    while (size < limit) {
      const chunk = new Uint8Array(Math.min(1 << 16, limit - size));
      const count = readSync(file, chunk);
      if (count === 0) break;
      chunks.push(chunk.subarray(0, count));
      size += count;
    }
    return Buffer.concat(chunks);
  } finally {
    closeSync(file);
  }
}

/** The index of the first byte that belongs to no well-formed character (Unicode 15, table 3-7), or the length. */
function firstBadByte(bytes: Uint8Array): number {
  const within = (index: number, low: number, high: number): boolean => {
    const byte = bytes[index] ?? 0;
    return byte >= low && byte <= high;
  };
  let index = 0;
  while (index < bytes.length) {
    const lead = bytes[index] ?? 0;
    const size = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (size === 0) return index;
    // The second byte keeps out overlong forms, surrogates and what lies above U+10FFFF.
    const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    if (size > 1 && !within(index + 1, low, high)) return index;
    for (let next = index + 2; next < index + size; next += 1) if (!within(next, 0x80, 0xbf)) return index;
    index += size;
  }
  return bytes.length;
}

function lastLine(text: string): number {
  return positionAt(linesOf(text), text.length).line;
}

function unreadable(message: string): DiskText {
  return { ok: false, code: "unreadable", message };
}

function tooLarge(size: number): DiskText {
  const shown = size > sizeLimit + 1 ? `${(size / 1024 / 1024).toFixed(1)} MB` : "more than 16 MB";
  return { ok: false, code: "too-large", message: `this file has ${shown}, the limit is 16 MB` };
}

function reason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const known: Readonly<Record<string, string>> = {
    ENOENT: "no such file or directory",
    EACCES: "permission denied",
    ENOTDIR: "a part of the path is no directory",
    ELOOP: "too many symbolic links",
    ENAMETOOLONG: "the name is too long",
  };
  return typeof code === "string" ? (known[code] ?? code) : "it cannot be opened";
}

/** Lexically first, so that a path that leads away is not even looked at; then without links. */
export function staysInside(root: string, path: string): boolean {
  if (path.includes("\0") || !isBelow(root, path)) return false;
  const realRoot = realOf(root);
  if (realRoot === null) return false;
  // A file that does not exist yet is where its nearest existing directory is. A dangling link exists.
  let existing = path;
  while (realOf(existing) === null) {
    if (isDangling(existing)) return false;
    const parent = dirname(existing);
    if (parent === existing) return false;
    existing = parent;
  }
  const real = realOf(existing);
  return real !== null && isBelow(realRoot, real);
}

function isDangling(path: string): boolean {
  return namesOf(dirname(path)).includes(basename(path));
}

function isBelow(root: string, path: string): boolean {
  const near = relative(root, path);
  return near === "" || (near !== ".." && !near.startsWith(`..${sep}`) && !isAbsolute(near));
}

function realOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

function namesIn(directory: string): string[] {
  return namesOf(directory)
    .filter((name) => name.endsWith(".uapi") && !name.startsWith("."))
    .toSorted(byCodeUnit);
}

function namesOf(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * What the build has found out about the shipped proposals (server/src/prepare.ts); null when there is nothing, or
 * `program` was built after it. Packages come without.
 */
export function preparedIn(folder: string, program: string): Prepared | null {
  try {
    if (statSync(folder).mtimeMs < statSync(program).mtimeMs) return null;
  } catch {
    return null;
  }
  const textOf = (name: string): string | null => {
    try {
      return readFileSync(join(folder, name), "utf8");
    } catch {
      return null;
    }
  };
  return {
    text: textOf,
    outline: (file) => textOf(`${file}.json`),
    bodies: (file) => textOf(`${file}.bodies.json`),
    system: (proposal) => textOf(`${proposal}.system.json`),
  };
}
