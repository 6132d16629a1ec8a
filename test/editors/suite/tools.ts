// What the cases of the suite share. They run inside an editor, as an extension would: no Node here, for the same
// cases run in a browser's worker. `vscode` is handed over, so that vitest can read the list of cases without it.

import type * as api from "vscode";

export type Editor = typeof api;

export interface Host {
  readonly vscode: Editor;
  /** "node" or "web". */
  readonly kind: string;
}

export interface Case {
  readonly name: string;
  /** Where it makes sense; without it, everywhere. */
  readonly only?: "node" | "web";
  readonly run: (host: Host) => Promise<void>;
}

export const extensionId = "uapi-proposals.uapi-proposals";

const limit = 60_000;

/** Waits until `ask` gives something; the limit only ends what hangs. */
export async function waitFor<T>(
  what: string,
  ask: () => T | undefined | false | PromiseLike<T | undefined | false>,
  state: () => unknown = () => "",
): Promise<T> {
  const end = Date.now() + limit;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`waited in vain: ${what} ${JSON.stringify(state()) ?? ""}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

export function check(holds: boolean, what: string, seen?: unknown): asserts holds {
  if (!holds) throw new Error(`${what}${seen === undefined ? "" : `; seen: ${JSON.stringify(seen)}`}`);
}

export function same(seen: unknown, wanted: unknown, what: string): void {
  const [a, b] = [JSON.stringify(seen), JSON.stringify(wanted)];
  check(a === b, `${what}: ${a} instead of ${b}`);
}

/** The text that most cases start from: the device is asked for before its group is bound. */
export const firstSteps = `use group_bind

topology pair {
  iommu vtd
  group 26 behind vtd {
    device nic0 driver vfio_pci
    device nic1 driver vfio_pci
  }
}

scenario "first steps" on pair {
  ctx = open("/dev/ioasid")
  g = open("/dev/vfio/26")
  dev0 = VFIO_GROUP_GET_DEVICE_FD(g, nic0)
  VFIO_DEVICE_ATTACH_IOASID(dev0, IOASID_ALLOC(ctx))
  mmap(dev0)
}
`;

const badStep = "  dev0 = VFIO_GROUP_GET_DEVICE_FD(g, nic0)\n";
/** As above, in order. */
export const goodSteps = firstSteps.replace(badStep, `  VFIO_GROUP_BIND_IOASID_FD(g, ctx)\n${badStep}`);

export interface Open {
  readonly document: api.TextDocument;
  readonly editor: api.TextEditor;
  /** Puts `text` in the place of the first `needle`. */
  readonly replace: (needle: string, text: string) => Promise<void>;
  readonly problems: () => readonly api.Diagnostic[];
  readonly waitProblems: (count: number) => Promise<readonly api.Diagnostic[]>;
  /** The place of the first `needle`, `by` characters on. */
  readonly at: (needle: string, by?: number) => api.Position;
}

let files = 0;

/** A file of its own in the workspace, shown in an editor. It is closed and deleted behind the case. */
export async function withFile(
  { vscode }: Host,
  text: string,
  run: (open: Open) => Promise<void>,
  ending = "uapi",
): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  check(folder !== undefined, "a workspace is open");
  files += 1;
  const uri = vscode.Uri.joinPath(folder.uri, `case-${files}.${ending}`);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  const document = await vscode.workspace.openTextDocument(uri);
  const editor = await vscode.window.showTextDocument(document);
  const at = (needle: string, by = 0): api.Position => {
    const offset = document.getText().indexOf(needle);
    check(offset >= 0, `${needle} is in the text`, document.getText());
    return document.positionAt(offset + by);
  };
  const problems = (): readonly api.Diagnostic[] => vscode.languages.getDiagnostics(uri);
  try {
    await run({
      document,
      editor,
      problems,
      waitProblems: (count) =>
        waitFor(
          `${count} problems`,
          () => problems().length === count && problems(),
          () => problems().map(({ message }) => message),
        ),
      at,
      async replace(needle, replacement) {
        const edit = new vscode.WorkspaceEdit();
        edit.replace(uri, new vscode.Range(at(needle), at(needle, needle.length)), replacement);
        check(await vscode.workspace.applyEdit(edit), `an edit at ${needle}`);
      },
    });
  } finally {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await vscode.workspace.fs.delete(uri);
  }
}

export async function ask<T>({ vscode }: Host, command: string, ...args: readonly unknown[]): Promise<T> {
  return vscode.commands.executeCommand<T>(command, ...args);
}
