// `uapi/verdict`: how much of a document was run, for the status bar of an editor. What was found it knows already.

import type { CancellationToken, TextDocumentIdentifier } from "vscode-languageserver";
import type { Feature } from "../context.ts";
import { type Verdict, verdictRequest } from "../protocol.ts";

export const verdict: Feature = {
  capabilities: () => ({}),
  register({ connection, settled }) {
    connection.onRequest(
      verdictRequest,
      async (
        { textDocument }: { readonly textDocument: TextDocumentIdentifier },
        token: CancellationToken,
      ): Promise<Verdict | null> => {
        const targets = await settled(textDocument, token);
        if (targets.length === 0) return null;
        const summaries = targets.map(({ view }) => view.analysis.summary);
        return {
          scenarios: summaries.reduce((sum, { scenarios }) => sum + scenarios, 0),
          steps: summaries.reduce((sum, { steps }) => sum + steps, 0),
        };
      },
    );
  },
};
