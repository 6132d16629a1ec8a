// Files of the workspace for a server that cannot read them itself: in a browser, and for folders that lie on no disk.
// Nothing outside of the workspace's folders is read.

import { CancellationTokenSource, FileType, Uri, workspace } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { filesRequest, type ReadParams, readRequest } from "../../server/src/lsp/protocol.ts";

/** More are no workspace of proposals; the language server has the same limit for one file. */
const mostFiles = 10_000;
const mostBytes = 16 * 1024 * 1024;
/** In milliseconds. Some file systems of the web never answer a search. */
const searchLimit = 2000;

const skipped = new Set(["node_modules", "dist", "out", "target"]);

export function answerFiles(client: BaseLanguageClient): void {
  client.onRequest(filesRequest, async () =>
    (await findFiles()).filter(({ scheme }) => scheme !== "file").map(String),
  );
  client.onRequest(readRequest, async ({ uri }: ReadParams) => readText(Uri.parse(uri, true)));
}

/** The .uapi files of all folders, by search, or by walking where the search does not end. */
async function findFiles(): Promise<readonly Uri[]> {
  const search = new CancellationTokenSource();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), searchLimit);
  });
  try {
    const pattern = "**/*.uapi";
    const found = await Promise.race([
      workspace.findFiles(pattern, "**/node_modules/**", mostFiles, search.token),
      late,
    ]);
    return found ?? (await walk());
  } catch {
    return walk();
  } finally {
    clearTimeout(timer);
    search.cancel();
    search.dispose();
  }
}

async function walk(): Promise<readonly Uri[]> {
  const found: Uri[] = [];
  const folders = (workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  for (let looked = 0; looked < folders.length && looked < mostFiles; looked++) {
    const folder = folders[looked];
    if (folder === undefined) continue;
    for (const [name, type] of await entriesOf(folder)) {
      const uri = Uri.joinPath(folder, name);
      // Links are not followed: they can lead in circles.
      if (type === FileType.Directory && !name.startsWith(".") && !skipped.has(name)) folders.push(uri);
      if ((type & FileType.File) !== 0 && name.endsWith(".uapi") && found.length < mostFiles) found.push(uri);
    }
  }
  return found;
}

async function entriesOf(folder: Uri): Promise<readonly [string, FileType][]> {
  try {
    return await workspace.fs.readDirectory(folder);
  } catch {
    return [];
  }
}

/** Null for what is outside of the workspace, too large, no text, or not there. */
async function readText(uri: Uri): Promise<string | null> {
  if (workspace.getWorkspaceFolder(uri) === undefined) return null;
  try {
    const { size } = await workspace.fs.stat(uri);
    if (size > mostBytes) return null;
    return new TextDecoder("utf-8", { fatal: true }).decode(await workspace.fs.readFile(uri));
  } catch {
    return null;
  }
}
