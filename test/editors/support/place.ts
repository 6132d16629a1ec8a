// A place for one run of one editor: a folder of its own with the file to edit, a home without anybody's settings, and
// `uapi` in PATH, as the setup pages of client/editors ask for. It is deleted when the run is over.

import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
export const tools = join(root, "test/editors/tools/node_modules");
/** What the tests make and leave for people to look at; not in git. */
export const output = join(root, "test/editors/output");
export const vsix = join(output, "uapi-proposals.vsix");
export const suite = join(output, "suite.cjs");
const fixtures = join(root, "test/editors/fixtures");

export interface Place {
  readonly folder: string;
  readonly workspace: string;
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Copies a fixture into the workspace and says where it is. */
  readonly add: (fixture: string, name?: string) => string;
  readonly remove: () => void;
}

export function makePlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), "uapi-editor-"));
  const [workspace, home, bin] = [join(folder, "workspace"), join(folder, "home"), join(folder, "bin")];
  for (const made of [workspace, home, bin]) mkdirSync(made);
  chmodSync(join(root, "dist/cli.js"), 0o755);
  symlinkSync(join(root, "dist/cli.js"), join(bin, "uapi"));
  const environment = {
    PATH: [bin, process.env.PATH].join(delimiter),
    HOME: home,
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_CACHE_HOME: join(home, ".cache"),
    XDG_DATA_HOME: join(home, ".local/share"),
    XDG_STATE_HOME: join(home, ".local/state"),
    LANG: "C.UTF-8",
    TERM: "xterm-256color",
  };
  return {
    folder,
    workspace,
    home,
    environment,
    add(fixture, name = fixture) {
      const file = join(workspace, name);
      copyFileSync(join(fixtures, fixture), file);
      return file;
    },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
