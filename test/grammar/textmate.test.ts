// Highlighting cannot drift from the language: the words of the TextMate grammar, as VS Code's engine applies it, and of
// the Vim file are those of the peggy grammar; and what each part of a text is shown as is a golden file.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import peggy from "peggy";
import { describe, expect, test } from "vitest";
import { introducing, reserved } from "../../client/src/highlight.ts";
import { syntaxFindings } from "../../server/src/analysis/syntax-findings.ts";
import { parseDocument } from "../../server/src/syntax/document.ts";
import { type ScopedToken, tokensOf } from "../support/textmate.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");
const everything = "test/grammar/scopes/everything.uapi";
const folder = (path: string): string[] =>
  readdirSync(new URL(path, root))
    .filter((name) => name.endsWith(".uapi"))
    .map((name) => `${path}/${name}`);

/** The words that the grammar spells out. Suffixes of numbers are none. */
const words = wordsOfGrammar();

/** Scopes of words of the language; what follows them in a scope is only which kind. */
const wordScopes =
  /^(?:keyword\.(?:control|other)|storage\.|constant\.language|variable\.language|keyword\.operator\.(?:word|quantifier|new)|support\.(?:function\.|type\.collection))/;
/** Names that come with the language, and `Source:` in a doc comment. */
const otherScopes = /^(?:variable\.language\.self|keyword\.other\.documentation)/;

const isWord = ({ scopes }: ScopedToken): boolean => {
  const last = scopes.at(-1) ?? "";
  return wordScopes.test(last) && !otherScopes.test(last);
};

describe("words", () => {
  test("the text with every word in it is a text of the language", () => {
    expect(syntaxFindings(everything, parseDocument(read(everything)))).toEqual([]);
  });

  test("each word of the grammar is highlighted in it, and nothing else is", async () => {
    const tokens = await tokensOf(read(everything));
    expect(unique(tokens.filter(isWord).map(({ text }) => text))).toEqual(words);
  });

  test.each([...folder("samples"), ...folder("server/proposals")])(
    "%s: only words are shown as words",
    async (file) => {
      const tokens = (await tokensOf(read(file))).filter(isWord);
      expect(unique(tokens.map(({ text }) => text).filter((text) => !words.includes(text)))).toEqual([]);
      expect(tokens.length).toBeGreaterThan(10);
    },
  );

  test("the Vim file has the same", () => {
    const lines = read("client/editors/vim/syntax/uapi.vim").split("\n");
    const found = lines.flatMap((line): string[] => {
      const [, names = ""] = /^syntax keyword uapi(?!Todo)\w+ ([\w ]+)$/.exec(line) ?? [];
      const groups = [...line.matchAll(/<%\(([\w|]+)\)>/g)].flatMap(([, group = ""]) => group.split("|"));
      return [...names.split(" ").filter((name) => name !== ""), ...groups];
    });
    expect(unique(found)).toEqual(words);
  });
});

test("previews of Markdown know the same words", () => {
  expect(unique([...reserved.split(" "), ...introducing.split(" ")])).toEqual(words);
});

describe("scopes", () => {
  test.each(["everything", "broken"])("%s", async (name) => {
    const text = read(`test/grammar/scopes/${name}.uapi`);
    await expect(golden(text, await tokensOf(text))).toMatchFileSnapshot(goldenFile(name));
  });

  test("Markdown: what is in a fence, and nothing behind it", async () => {
    const text = read("test/grammar/scopes/fences.md");
    const tokens = await tokensOf(text, "text.html.markdown");
    await expect(golden(text, tokens)).toMatchFileSnapshot(goldenFile("fences"));
  });
});

describe("words that are names", () => {
  test.each([
    ['  task = open("/dev/mine")', "task", "variable.other.handle"],
    ['  ok = open("/dev/mine")  ok', "ok", "variable.other.handle"],
    ["  assert = CALL(at, on, to)", "at", "variable.other"],
    ["  close(device)", "close", "entity.name.function.call"],
    ["  close(device)", "device", "variable.other"],
    ["  x.group = 1", "group", "variable.other.property"],
    ["  CALL(type: 1)", "type", "variable.parameter"],
    ["  parallel = 1", "parallel", "variable.other.handle"],
    ["  fails = CALL()", "fails", "variable.other.handle"],
    ["  int safe = CALL(never, reach)", "never", "variable.other"],
  ])("%s: %s", async (step, word, scope) => {
    const tokens = await tokensOf(`scenario "names" {\n${step}\n}`);
    const token = tokens.find(({ line, text }) => line === 1 && text.trim() === word);
    expect(token?.scopes.at(-1)).toBe(scope);
  });
});

/** Every line, and below it its tokens with their innermost scope. */
function golden(text: string, tokens: readonly ScopedToken[]): string {
  const lines = text.split("\n").map((line, index) => {
    const shown = tokens
      .filter((token) => token.line === index && token.text.trim() !== "")
      .map(({ text: part, scopes }) => {
        const named = scopes.filter((scope) => !scope.startsWith("meta.")).at(-1) ?? "";
        return `    ${part.trim()}  ${named}`.trimEnd();
      });
    return [line, ...shown].join("\n");
  });
  return lines.join("\n");
}

function goldenFile(name: string): string {
  return fileURLToPath(new URL(`scopes/${name}.scopes.txt`, import.meta.url));
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts.map((text) => text.trim()))].sort();
}

function wordsOfGrammar(): string[] {
  const grammar = peggy.parser.parse(read("grammar/uapi.peggy"), {
    grammarSource: "uapi.peggy",
    reservedWords: [],
  });
  const found: string[] = [];
  const look = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if ("type" in node && node.type === "literal" && "value" in node) found.push(String(node.value));
    for (const part of Object.values(node)) look(part);
  };
  for (const rule of grammar.rules) if (rule.name !== "Suffix") look(rule.expression);
  return unique(found.filter((text) => /^[A-Za-z]\w*$/.test(text)));
}
