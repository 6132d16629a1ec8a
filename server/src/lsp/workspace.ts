// The files that are not open: which there are, what is in them, and which a `use` may name. By uri, in every scheme;
// what is on a disk is read there, everything else comes from the client. Nothing outside of the workspace is read.

import type { Files, Loaded } from "../analysis.ts";
import { canonicalUri, folderOf, isBelow, parseUri, resolveUri } from "./uris.ts";

/** A disk, by canonical `file:` uris. The folder is the workspace that a file must not lead out of. */
export interface Disk {
  readonly read: (uri: string) => Loaded;
  /** All .uapi files below a folder, sorted. */
  readonly list: (folder: string) => readonly string[];
  /** Whether a file still lies below the folder when links are followed. */
  readonly inside: (folder: string, uri: string) => boolean;
}

export interface Workspace {
  /** For the session. */
  readonly files: Files;
  readonly setFolders: (uris: readonly string[]) => void;
  /** What the client said about files that the server cannot read: uri -> text, null when it cannot be read. */
  readonly setRemote: (texts: ReadonlyMap<string, string | null>) => void;
  /** The files may have changed: these, or any. */
  readonly invalidate: (uris: readonly string[]) => void;
  readonly invalidateAll: () => void;
  /** Whether the server reads a file itself. */
  readonly isOnDisk: (uri: string) => boolean;
  /** All .uapi files of the workspace, sorted. */
  readonly list: () => readonly string[];
  /** Runs `work`, and says which files it looked at, those that do not exist included. */
  readonly watched: <T>(work: () => T) => { readonly result: T; readonly looked: ReadonlySet<string> };
}

const gone: Loaded = { ok: false, code: "unreadable", message: "no such file or directory" };

const mostTargets = 10_000;

export function createWorkspace(disk: Disk | null, openUris: () => Iterable<string>): Workspace {
  let folders: readonly string[] = [];
  let remote: ReadonlyMap<string, string | null> = new Map();
  const cached = new Map<string, Loaded>();
  const allowed = new Map<string, boolean>();
  /** What paths in files mean: asked for after every key. */
  const targets = new Map<string, { readonly target: string; readonly home: string } | null>();
  let looked = new Set<string>();
  /** Counts what may make an answer about files another one. */
  let revision = 0;
  let listed: readonly string[] | null = null;

  const isOnDisk = (uri: string): boolean => disk !== null && uri.startsWith("file:");

  /** The folder that a `use` in this file may not leave: the innermost of the workspace, or its own. */
  const homeOf = (uri: string): string => {
    const own = folderOf(uri);
    const found = folders.filter((folder) => isBelow(folder, own));
    return found.toSorted((a, b) => b.length - a.length)[0] ?? own;
  };

  const targetOf = (
    from: string,
    path: string,
  ): { readonly target: string; readonly home: string } | null => {
    const key = `${from}\n${path}`;
    const known = targets.get(key);
    if (known !== undefined) return known;
    const target = resolveUri(from, path);
    const named = target === null ? null : { target, home: homeOf(from) };
    if (targets.size >= mostTargets) targets.clear();
    targets.set(key, named);
    return named;
  };

  const isInside = (home: string, uri: string): boolean => {
    if (!isBelow(home, uri)) return false;
    if (disk === null || !isOnDisk(uri)) return true;
    const key = `${home}\n${uri}`;
    const known = allowed.get(key) ?? disk.inside(home, uri);
    allowed.set(key, known);
    return known;
  };

  const read = (uri: string): Loaded => {
    if (disk !== null && isOnDisk(uri)) return disk.read(uri);
    const text = remote.get(uri);
    if (text === undefined) return gone;
    return text === null
      ? { ok: false, code: "unreadable", message: "the editor cannot read this file" }
      : { ok: true, text };
  };

  const list = (): readonly string[] => {
    listed ??= listNow();
    return listed;
  };

  const listNow = (): string[] => {
    const found = new Set<string>();
    for (const folder of folders)
      if (isOnDisk(folder)) for (const uri of disk?.list(folder) ?? []) found.add(canonicalUri(uri));
    for (const uri of remote.keys()) found.add(uri);
    return [...found].toSorted(byCodeUnit);
  };

  const forgetAll = (): void => {
    revision++;
    cached.clear();
    allowed.clear();
    targets.clear();
    listed = null;
  };

  return {
    files: {
      resolve(from, path) {
        const named = targetOf(from, path);
        if (named === null || !isInside(named.home, named.target)) return null;
        looked.add(named.target);
        return named.target;
      },
      siblings(from) {
        const folder = folderOf(from);
        const all = new Set([...list(), ...openUris()]);
        return [...all]
          .filter((uri) => uri !== from && uri.endsWith(".uapi") && folderOf(uri) === folder)
          .toSorted(byCodeUnit);
      },
      read(uri) {
        looked.add(uri);
        const loaded = cached.get(uri) ?? read(uri);
        cached.set(uri, loaded);
        return loaded;
      },
      revision: () => revision,
    },
    setFolders(uris) {
      folders = uris.map((uri) => uri.replace(/\/+$/, "")).filter((uri) => parseUri(uri) !== null);
      forgetAll();
    },
    setRemote(texts) {
      remote = texts;
      forgetAll();
    },
    invalidate(uris) {
      revision++;
      for (const uri of uris) {
        cached.delete(uri);
        // Listing walks through the whole tree: only when a file came or went.
        if (uri.endsWith(".uapi") && listed?.includes(uri) !== read(uri).ok) listed = null;
      }
      allowed.clear();
    },
    invalidateAll: forgetAll,
    isOnDisk,
    list,
    watched(work) {
      const outer = looked;
      looked = new Set();
      try {
        const result = work();
        return { result, looked };
      } finally {
        looked = outer;
      }
    },
  };
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
