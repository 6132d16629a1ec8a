// Every feature of the server, one line each: what it promises in `initialize`, and its handlers.

import type { Feature } from "../context.ts";
import { codeActions } from "./code-actions.ts";
import { codeLens } from "./code-lens.ts";
import { codes } from "./codes.ts";
import { compare } from "./compare.ts";
import { completion } from "./completion.ts";
import { formatting } from "./formatting.ts";
import { hover } from "./hover.ts";
import { inlayHints } from "./inlay-hints.ts";
import { navigation } from "./navigation.ts";
import { pages } from "./pages.ts";
import { rename } from "./rename.ts";
import { semanticTokens } from "./semantic-tokens.ts";
import { signatureHelp } from "./signature-help.ts";
import { structure } from "./structure.ts";
import { symbols } from "./symbols.ts";
import { trace } from "./trace.ts";
import { verdict } from "./verdict.ts";

export const features: readonly Feature[] = [
  codeActions,
  codes,
  compare,
  pages,
  trace,
  verdict,
  formatting,
  navigation,
  rename,
  semanticTokens,
  structure,
  symbols,
  codeLens,
  completion,
  hover,
  inlayHints,
  signatureHelp,
];
