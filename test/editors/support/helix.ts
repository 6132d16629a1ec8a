// Helix in a tmux window of its own: keys are typed as a person types them, and the screen is read.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Place, root, tools } from "./place.ts";
import { lastLines } from "./text.ts";
import { waitFor } from "./wait.ts";

export interface Report {
  /** Step -> "ok" or what went wrong. */
  readonly steps: ReadonlyMap<string, string>;
  /** What the editor and its language client said: read when something fails. */
  readonly log: string;
}

export async function helixSession(place: Place, file: string): Promise<Report> {
  const settings = join(place.home, ".config/helix");
  mkdirSync(settings, { recursive: true });
  copyFileSync(join(root, "client/editors/helix/languages.toml"), join(settings, "languages.toml"));

  const socket = join(place.folder, "tmux");
  const log = join(place.folder, "helix.log");
  const tmux = (...words: string[]): string =>
    execFileSync("tmux", ["-S", socket, "-f", "/dev/null", ...words], {
      env: place.environment,
      encoding: "utf8",
    });
  const screen = (): string => tmux("capture-pane", "-p");
  const type = (...keys: string[]): void => void tmux("send-keys", ...keys);
  const shows = async (pattern: RegExp): Promise<void> => {
    await waitFor(`${pattern} on the screen`, () => pattern.test(screen()), screen);
  };
  const hides = async (pattern: RegExp): Promise<void> => {
    await waitFor(`no ${pattern} on the screen`, () => !pattern.test(screen()), screen);
  };
  const problem = /not bound to an IOASID context yet/;

  const session: Readonly<Record<string, () => Promise<void>>> = {
    async diagnostics() {
      await shows(/● +14 /);
      type("14gg", "fV");
      await shows(problem);
    },
    async hover() {
      type("Space", "k");
      await shows(/ioctl VFIO_GROUP_GET_DEVICE_FD\(g: group_fd/);
      type("Escape");
      await hides(/ioctl VFIO_GROUP_GET_DEVICE_FD/);
    },
    async "code action"() {
      type("Space");
      await shows(/Perform code action/);
      type("a");
      await shows(/insert `VFIO_GROUP_BIND_IOASID_FD/);
      type("Enter");
      await shows(/ 14 +VFIO_GROUP_BIND_IOASID_FD\(g, ctx\)/);
      await hides(/●/);
    },
    async typing() {
      type("17gg", "o");
      await shows(/INS/);
      // Letter by letter, as a person: of keys of the same millisecond Helix 25.01 may send the changes out of order.
      const word = "frob(dev0";
      for (const [index, letter] of [...word].entries()) {
        type(letter);
        const written = word.slice(0, index + 1).replace("(", "\\(");
        await shows(new RegExp(` 18 +${written}`));
      }
      type("Escape");
      await shows(/NOR/);
      await shows(/● +18 /);
      type("xd");
      await hides(/●/);
    },
    async rename() {
      type("15gg", "gs", "Space");
      await shows(/Rename symbol/);
      type("r");
      await shows(/rename-to:/);
      type("C-u", "nic", "Enter");
      await shows(/mmap\( nic \)/);
    },
    async format() {
      type(":format", "Enter");
      await shows(/mmap\(nic\)/);
      type(":wq", "Enter");
      await waitFor("the file to be saved", () => readFileSync(file, "utf8").includes("mmap(nic)"));
    },
  };

  tmux("new-session", "-d", "-x", "150", "-y", "45", join(tools, ".newer/bin/hx"), "-vv", "--log", log, file);
  const steps = new Map<string, string>();
  for (const [name, step] of Object.entries(session)) {
    try {
      await step();
      steps.set(name, "ok");
    } catch (problem) {
      steps.set(name, String(problem));
      break;
    }
  }
  const said = lastLines(readFileSync(log, "utf8"), "helix_lsp::transport");
  // Gone already after `:wq`, unless something went wrong.
  try {
    tmux("kill-server");
  } catch {}
  return { steps, log: said };
}
