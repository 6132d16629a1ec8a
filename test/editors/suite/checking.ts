// What is found, and that it is about the text as it is now.

import { type Case, check, extensionId, firstSteps, goodSteps, same, waitFor, withFile } from "./tools.ts";

const bound = "group 26 is not bound to an IOASID context yet";

export const checking: readonly Case[] = [
  {
    name: "the extension is there and wakes up with a .uapi file",
    run: (host) =>
      withFile(host, goodSteps, async ({ document }) => {
        same(document.languageId, "uapi", "the language of a .uapi file");
        const extension = host.vscode.extensions.getExtension(extensionId);
        check(extension !== undefined, "it is installed");
        await waitFor("activation", () => extension.isActive);
      }),
  },
  {
    name: "a refused call is an error with its code, page and causes",
    run: (host) =>
      withFile(host, firstSteps, async ({ document, waitProblems }) => {
        const [problem] = await waitProblems(1);
        check(problem?.message.includes(bound) === true, "what it says", problem);
        same(problem.severity, host.vscode.DiagnosticSeverity.Error, "its severity");
        same(document.getText(problem.range), "VFIO_GROUP_GET_DEVICE_FD(g, nic0)", "what it is about");
        same(problem.source, "uapi", "its source");
        const { code } = problem;
        check(
          typeof code === "object" && code.value === "errno",
          "its code with the address of a page",
          code,
        );
      }),
  },
  {
    name: "problems follow every keystroke",
    run: (host) =>
      withFile(host, goodSteps, async ({ replace, at, waitProblems, problems }) => {
        await waitProblems(0);
        await replace("  mmap", "  mmmap(dev0)\n  mmap");
        const [problem] = await waitProblems(1);
        same(problem?.range.start.line, at("  mmmap").line, "the line of the problem");
        await replace("  mmmap(dev0)\n", "");
        await waitProblems(0);
        await replace("  VFIO_GROUP_BIND_IOASID_FD(g, ctx)\n", "");
        await waitFor("the refused call", () => problems().some(({ message }) => message.includes(bound)));
      }),
  },
  {
    name: "a broken rule names what led to it",
    run: (host) =>
      withFile(host, goodSteps.replaceAll("group_bind", "group_bind_unblocked"), async ({ problems }) => {
        const broken = await waitFor("a broken rule", () =>
          problems().find(({ code }) => typeof code === "object" && code.value === "secure-context"),
        );
        check((broken.relatedInformation ?? []).length > 0, "the steps that led to it", broken);
      }),
  },
  {
    name: "fenced blocks of Markdown are checked where they stand",
    run: (host) =>
      withFile(
        host,
        `# Notes\n\n\`\`\`uapi\n${firstSteps}\`\`\`\n\nNo \`frob()\` here.\n`,
        async ({ document, waitProblems, at }) => {
          same(document.languageId, "markdown", "the language");
          const [problem] = await waitProblems(1);
          same(problem?.range.start, at("VFIO_GROUP_GET_DEVICE_FD"), "where it stands");
        },
        "md",
      ),
  },
  {
    name: "severities are what the settings say",
    run: (host) =>
      withFile(host, firstSteps, async ({ problems, waitProblems }) => {
        const { DiagnosticSeverity, ConfigurationTarget, workspace } = host.vscode;
        await waitProblems(1);
        const settings = workspace.getConfiguration("uapi");
        await settings.update("severity", { errno: "warning" }, ConfigurationTarget.Global);
        await waitFor("a warning", () => problems()[0]?.severity === DiagnosticSeverity.Warning);
        await settings.update("severity", { errno: "off" }, ConfigurationTarget.Global);
        await waitProblems(0);
        await settings.update("severity", undefined, ConfigurationTarget.Global);
        await waitFor("an error again", () => problems()[0]?.severity === DiagnosticSeverity.Error);
      }),
  },
  {
    name: "a file that another one uses counts as its editor shows it",
    run: (host) =>
      withFile(
        host,
        "proposal mine extends group_bind {\n}\n",
        async ({ document, replace, waitProblems }) => {
          await waitProblems(0);
          const name = document.uri.path.replace(/.*\//, "");
          const user = goodSteps
            .replace("use group_bind", `use "${name}"`)
            .replace("on pair", "on pair with mine");
          await withFile(host, user, async (open) => {
            await open.waitProblems(0);
            await replace("mine", "yours");
            await waitFor("a proposal that is not there", () => open.problems().length > 0);
            await replace("yours", "mine");
            await open.waitProblems(0);
          });
        },
      ),
  },
];
