// Files that exist only in a test: a map from uri to text, all in one workspace.

import { posix } from "node:path";
import type { Files } from "../../server/src/analysis.ts";

/** `texts` may change later: nothing is copied. A `use` resolves from the folder of its file, and may not leave the root. */
export function memoryFiles(texts: ReadonlyMap<string, string>): Files {
  return {
    resolve(from, path) {
      const target = posix.normalize(posix.join(posix.dirname(from), path));
      return path.startsWith("/") || target.startsWith("..") ? null : target;
    },
    siblings: (from) =>
      [...texts.keys()]
        .filter((uri) => uri !== from && uri.endsWith(".uapi") && posix.dirname(uri) === posix.dirname(from))
        .toSorted(),
    read(uri) {
      const text = texts.get(uri);
      return text === undefined
        ? { ok: false, code: "unreadable", message: "cannot read this file: no such file or directory" }
        : { ok: true, text };
    },
    revision: () => JSON.stringify([...texts]),
  };
}
