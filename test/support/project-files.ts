// The files of this repository, with texts that are only thought to lie among them.

import { fileURLToPath } from "node:url";
import type { Files } from "../../server/src/analysis.ts";
import { diskFiles } from "../../server/src/node.ts";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Uris are relative to the root; `more` are texts by uri, instead of those on the disk. */
export function projectFiles(more: ReadonlyMap<string, string> = new Map()): Files {
  const disk = diskFiles(root, { cwd: root });
  return {
    ...disk,
    read(uri) {
      const text = more.get(uri);
      return text === undefined ? disk.read(uri) : { ok: true, text };
    },
  };
}
