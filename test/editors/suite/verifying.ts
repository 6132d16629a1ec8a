// Verify blocks inside the editors: decided in a worker, shown above the claims, withdrawn with their text.

import type { CodeAction, CodeLens } from "vscode";
import { ask, type Case, check, waitFor, withFile } from "./tools.ts";

const text = `use group_bind, group_bind_unblocked

topology pair {
  iommu vtd
  group 26 behind vtd {
    device nic0 driver vfio_pci
    device nic1 driver vfio_pci
  }
}

verify group_bind on pair { safe }
`;

export const verifying: readonly Case[] = [
  {
    name: "a verify block is decided, and so is what it becomes",
    run: (host) =>
      withFile(host, text, async ({ document, replace, problems, waitProblems, at }) => {
        const titles = async (): Promise<readonly string[]> =>
          (await ask<readonly CodeLens[]>(host, "vscode.executeCodeLensProvider", document.uri, 100)).map(
            ({ command }) => command?.title ?? "",
          );
        let seen: readonly string[] = [];
        const lens = (title: string) =>
          waitFor(
            title,
            async () => {
              seen = await titles();
              return seen.some((each) => each.includes(title));
            },
            () => seen,
          );
        await lens("holds for every sequence of calls");
        await waitProblems(0);
        await replace("verify group_bind on", "verify group_bind_unblocked on");
        const [problem] = await waitProblems(1);
        check(problem?.message.includes("secure_context breaks") === true, "what fails", problem?.message);
        check((problem?.relatedInformation ?? []).length > 2, "its calls", problem?.relatedInformation);
        await lens("calls lead there");
        const place = new host.vscode.Range(at("safe"), at("safe", 4));
        const actions = await ask<readonly CodeAction[]>(
          host,
          "vscode.executeCodeActionProvider",
          document.uri,
          place,
          undefined,
          10,
        );
        const action = actions.find(({ title }) => /as a scenario$/.test(title));
        check(
          action?.edit !== undefined,
          "a scenario is offered",
          actions.map(({ title }) => title),
        );
        await host.vscode.workspace.applyEdit(action.edit);
        check(document.getText().includes("violates secure_context"), "the scenario", document.getText());
        // What the scenario does not need is only hinted at.
        await waitFor(
          "no other error",
          () =>
            problems().filter(({ severity }) => severity === host.vscode.DiagnosticSeverity.Error).length ===
            1,
          () => problems().map(({ message }) => message),
        );
      }),
  },
];
