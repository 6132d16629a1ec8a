// Code lenses above scenarios, with the verdict and for our own client the way to the trace; and above claims.

import type { CodeLens } from "vscode-languageserver";
import { lensesOf } from "../../features/code-lens.ts";
import { verifyLenses } from "../../features/verify/lens.ts";
import type { Context, Feature, Target } from "../context.ts";
import { commandsCapability } from "../protocol.ts";

export const codeLens: Feature = {
  capabilities: (client) =>
    client.textDocument?.codeLens === undefined ? {} : { codeLensProvider: { resolveProvider: false } },
  register(context) {
    context.connection.onCodeLens(async ({ textDocument }, token) => {
      if (!context.settings().codeLens.enabled) return [];
      const targets = await context.settled(textDocument, token);
      return targets.flatMap((target) => lensesIn(context, target));
    });
  },
};

function lensesIn(context: Context, { uri, view }: Target): CodeLens[] {
  const own = isOwn(context);
  const claims = verifyLenses(context.blocks(view), context.now()).map(
    ({ start, end, title }): CodeLens => ({
      range: context.range(view.uri, { start, end }),
      command: { title, command: "" },
    }),
  );
  const scenarios = lensesOf(view).flatMap(({ start, end, verdict, ran }): CodeLens[] => {
    const range = context.range(view.uri, { start, end });
    // A verdict is no command; an editor shows the title alone.
    const told: CodeLens = { range, command: { title: verdict, command: "" } };
    if (!ran || !own) return [told];
    // In a Markdown document the trace follows the editor's cursor: offsets of blocks are not the document's.
    const args = uri === view.uri ? [uri, start] : [uri];
    return [told, { range, command: { title: "show trace", command: "uapi.showTrace", arguments: args } }];
  });
  return [...scenarios, ...claims];
}

/** Our own client says so; others have no such command. */
function isOwn({ client }: Context): boolean {
  const experimental: unknown = client.experimental;
  return typeof experimental === "object" && experimental !== null && commandsCapability in experimental;
}
