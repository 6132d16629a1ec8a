// Signature help.

import type { SignatureHelp, SignatureInformation } from "vscode-languageserver";
import { signatureAt, signatureTriggers } from "../../features/signature-help.ts";
import type { Feature } from "../context.ts";
import { markupOf } from "./markup.ts";

export const signatureHelp: Feature = {
  capabilities: () => ({
    signatureHelpProvider: { triggerCharacters: signatureTriggers, retriggerCharacters: signatureTriggers },
  }),
  register(context) {
    context.connection.onSignatureHelp(({ textDocument, position }): SignatureHelp | null => {
      const spot = context.spot(textDocument, position);
      const found = spot === null ? null : signatureAt(spot.view, spot.offset);
      if (found === null) return null;
      const able = context.client.textDocument?.signatureHelp?.signatureInformation;
      const formats = able?.documentationFormat;
      const byOffset = able?.parameterInformation?.labelOffsetSupport === true;
      const signature: SignatureInformation = {
        label: found.label,
        ...(found.markup.length === 0 ? {} : { documentation: markupOf(context, formats, found.markup) }),
        parameters: found.parameters.map(({ start, end, markup }) => ({
          label: byOffset ? [start, end] : found.label.slice(start, end),
          ...(markup.length === 0 ? {} : { documentation: markupOf(context, formats, markup) }),
        })),
      };
      // Behind the last parameter none is active: a number that is too large says so to every client.
      const active = found.active ?? found.parameters.length;
      return { signatures: [signature], activeSignature: 0, activeParameter: active };
    });
  },
};
