// The extension as a whole: its commands, its views, and a server that dies.

import { ask, type Case, check, extensionId, firstSteps, same, waitFor, withFile } from "./tools.ts";

export const lifecycle: readonly Case[] = [
  {
    name: "every command of the manifest exists",
    run: (host) =>
      withFile(host, firstSteps, async ({ waitProblems }) => {
        await waitProblems(1);
        const manifest = host.vscode.extensions.getExtension(extensionId)?.packageJSON as {
          readonly contributes: { readonly commands: readonly { readonly command: string }[] };
        };
        const known = new Set(await host.vscode.commands.getCommands(true));
        same(
          manifest.contributes.commands
            .map(({ command }) => command)
            .filter((command) => !known.has(command)),
          [],
          "commands that nobody registered",
        );
      }),
  },
  {
    name: "the trace opens beside the editor",
    run: (host) =>
      withFile(host, firstSteps, async ({ waitProblems }) => {
        await waitProblems(1);
        await ask(host, "uapi.showTrace");
        const { tabGroups } = host.vscode.window;
        await waitFor(
          "a panel with the trace",
          () =>
            tabGroups.all.some(({ tabs }) =>
              tabs.some(({ input }) => input instanceof host.vscode.TabInputWebview),
            ),
          () => tabGroups.all.map(({ tabs }) => tabs.map(({ label }) => label)),
        );
      }),
  },
  {
    name: "the server starts again on command",
    run: (host) =>
      withFile(host, firstSteps, async ({ replace, waitProblems }) => {
        await waitProblems(1);
        await ask(host, "uapi.restartServer");
        await waitProblems(1);
        await replace("  dev0 =", "  VFIO_GROUP_BIND_IOASID_FD(g, ctx)\n  dev0 =");
        await waitProblems(0);
      }),
  },
  {
    name: "a server that is killed comes back, and nothing typed is lost",
    only: "node",
    run: (host) =>
      withFile(host, firstSteps, async ({ document, replace, waitProblems }) => {
        await waitProblems(1);
        // Typed, and not saved: only the editor has it.
        await replace("  mmap(dev0)", "  mmmap(dev0)");
        await waitProblems(2);
        const typed = document.getText();
        const [server, ...others] = await languageServers();
        check(server !== undefined && others.length === 0, "one server runs", [server, ...others]);
        process.kill(server, "SIGKILL");
        const next = await waitFor("another server", async () => {
          const running = await languageServers();
          return running.length === 1 && running[0] !== server && running[0];
        });
        await replace("  mmmap(dev0)", "  mmap(dev0)");
        await waitProblems(1);
        same(document.getText(), typed.replace("mmmap", "mmap"), "the text");
        same(await languageServers(), [next], "the server that answered");
      }),
  },
];

/** The processes of the language server that this extension host started. Linux only. */
async function languageServers(): Promise<readonly number[]> {
  const { readdirSync, readFileSync } = await import("node:fs");
  const read = (file: string): string => {
    try {
      return readFileSync(file, "utf8");
    } catch {
      return ""; // it ended in between
    }
  };
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter(
      (name) =>
        read(`/proc/${name}/stat`)
          .replace(/^.*\) /s, "")
          .split(" ")[1] === String(process.pid),
    )
    .filter((name) => read(`/proc/${name}/cmdline`).includes("server.cjs"))
    .map(Number);
}
