// Signature help; cases in cases/signature-help.md: the label with the active parameter in ⟨ ⟩, then what is said of it.

import type { View } from "../../server/src/analysis/session.ts";
import { toPlain } from "../../server/src/features/markup.ts";
import { signatureAt } from "../../server/src/features/signature-help.ts";
import { runCases } from "./editor-cases.ts";

runCases("signature-help", 8, (view: View, offset: number) => {
  const signature = signatureAt(view, offset);
  if (signature === null) return "nothing";
  const { label, parameters, active, markup } = signature;
  const parameter = active === null ? undefined : parameters[active];
  if (parameter === undefined) return `${label}\n\n${toPlain(markup)}`;
  const { start, end } = parameter;
  const marked = `${label.slice(0, start)}⟨${label.slice(start, end)}⟩${label.slice(end)}`;
  return `${marked}\n\n${toPlain(parameter.markup)}`;
});
