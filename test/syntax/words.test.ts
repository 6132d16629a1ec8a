import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { keywords } from "../../server/src/syntax/words.ts";

/** The grammar without its actions, comments and character classes. */
function rulesOf(grammar: string): string {
  let rules = "";
  let depth = 0;
  for (const [token] of grammar.matchAll(
    /"(?:[^"\\]|\\.)*"|'[^']*'|`[^`]*`|\/\/.*|\/\*[\s\S]*?\*\/|\[(?:[^\]\\]|\\.)*\]|[\s\S]/g,
  )) {
    if (token === "{") depth++;
    if (depth === 0 && !token.startsWith("//") && !token.startsWith("[")) rules += token;
    if (token === "}") depth--;
  }
  return rules;
}

test("the words of the language are those of the grammar", () => {
  const grammar = readFileSync(new URL("../../grammar/uapi.peggy", import.meta.url), "utf8");
  // The name of a rule for people stands between the rule and its `=`.
  const rules = rulesOf(grammar).replaceAll(/^\w+ "[^"]*"/gm, "");
  const words = [...rules.matchAll(/"([A-Za-z]{2,})"/g)].map(([, word]) => word ?? "");
  expect([...keywords].sort()).toEqual([...new Set(words)].sort());
});
