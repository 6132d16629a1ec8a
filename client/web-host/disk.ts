// One folder of the disk for the page: read, write, list, watch. Every path is relative to the folder and stays in it,
// links that lead out of it are not followed. Knows nothing of editors.

import { type FSWatcher, watch } from "node:fs";
import { lstat, mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";

/** `FileType` of VS Code. */
const kinds = { unknown: 0, file: 1, folder: 2 } as const;

export interface Entry {
  readonly type: number;
  readonly size: number;
  readonly ctime: number;
  readonly mtime: number;
}

export interface Disk {
  readonly stat: (path: string) => Promise<Entry>;
  readonly list: (path: string) => Promise<readonly (readonly [name: string, type: number])[]>;
  readonly read: (path: string) => Promise<Uint8Array>;
  readonly write: (path: string, text: Uint8Array, how: WriteOptions) => Promise<void>;
  readonly makeFolder: (path: string) => Promise<void>;
  readonly remove: (path: string) => Promise<void>;
  readonly rename: (from: string, to: string, how: { readonly overwrite: boolean }) => Promise<void>;
  /** All files, relative to the folder, with `/`. */
  readonly files: () => Promise<readonly string[]>;
  /** Calls back with the path of whatever changed. */
  readonly watch: (changed: (path: string) => void) => { close(): void };
}

export interface WriteOptions {
  readonly create: boolean;
  readonly overwrite: boolean;
}

/** An error with the name of a `FileSystemError`'s factory. */
class DiskError extends Error {
  readonly code: string;
  constructor(code: string, path: string) {
    super(`${code}: ${path}`);
    this.code = code;
  }
}

const skipped = new Set(["node_modules", ".git"]);

export async function openDisk(folder: string): Promise<Disk> {
  const root = await realpath(folder);

  const inside = (path: string): boolean =>
    path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);

  /** The place on the disk; of what does not exist yet its folder is looked at. */
  const locate = async (path: string): Promise<string> => {
    if (path.includes("\0")) throw new DiskError("FileNotFound", path);
    const target = resolve(root, `.${sep}${path}`);
    if (!inside(target)) throw new DiskError("NoPermissions", path);
    const real = await realpath(target).catch(async () => {
      const parent = await realpath(dirname(target)).catch(() => {
        throw new DiskError("FileNotFound", path);
      });
      // A link that leads nowhere yet could be written through.
      if (await lstat(target).catch(() => null)) throw new DiskError("NoPermissions", path);
      return join(parent, basename(target));
    });
    if (!inside(real)) throw new DiskError("NoPermissions", path);
    return real;
  };

  const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null;

  return {
    async stat(path) {
      const found = await stat(await locate(path));
      const type = found.isDirectory() ? kinds.folder : found.isFile() ? kinds.file : kinds.unknown;
      return { type, size: found.size, ctime: Math.floor(found.ctimeMs), mtime: Math.floor(found.mtimeMs) };
    },
    async list(path) {
      const entries = await readdir(await locate(path), { withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile() || entry.isDirectory())
        .map((entry) => [entry.name, entry.isFile() ? kinds.file : kinds.folder] as const);
    },
    async read(path) {
      return readFile(await locate(path));
    },
    async write(path, text, { create, overwrite }) {
      const target = await locate(path);
      const there = await exists(target);
      if (!there && !create) throw new DiskError("FileNotFound", path);
      if (there && create && !overwrite) throw new DiskError("FileExists", path);
      await writeFile(target, text);
    },
    async makeFolder(path) {
      await mkdir(await locate(path));
    },
    async remove(path) {
      const target = await locate(path);
      if (target === root) throw new DiskError("NoPermissions", path);
      await rm(target, { recursive: true });
    },
    async rename(from, to, { overwrite }) {
      const [source, target] = [await locate(from), await locate(to)];
      if (source === root || target === root) throw new DiskError("NoPermissions", from);
      if (!overwrite && (await exists(target))) throw new DiskError("FileExists", to);
      await rename(source, target);
    },
    async files() {
      const found: string[] = [];
      const folders = [root];
      for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
        for (const entry of await readdir(next, { withFileTypes: true })) {
          const path = join(next, entry.name);
          if (entry.isDirectory() && !skipped.has(entry.name)) folders.push(path);
          if (entry.isFile()) found.push(relative(root, path).split(sep).join("/"));
        }
      }
      return found.sort();
    },
    watch(changed) {
      let watcher: FSWatcher | null = null;
      try {
        watcher = watch(root, { recursive: true }, (_event, name) => {
          if (name !== null) changed(name.split(sep).join("/"));
        });
        // A folder that cannot be watched is only not refreshed by itself.
        watcher.on("error", () => watcher?.close());
      } catch {
        watcher = null;
      }
      return { close: () => watcher?.close() };
    },
  };
}

/** The name of a `FileSystemError`'s factory for any error of an operation. */
export function codeOf(error: unknown): string {
  if (error instanceof DiskError) return error.code;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "ENOENT":
      return "FileNotFound";
    case "EEXIST":
    case "ENOTEMPTY":
      return "FileExists";
    case "ENOTDIR":
      return "FileNotADirectory";
    case "EISDIR":
      return "FileIsADirectory";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return "NoPermissions";
    default:
      return "Unavailable";
  }
}
