// The files for Emacs and Kate know every word of the language, and no others. (Vim's and TextMate's: textmate.test.ts.)

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { keywords } from "../../server/src/syntax/words.ts";
import { root } from "../support/project-files.ts";

const wanted = [...keywords].sort();

test("Emacs", () => {
  const text = readFileSync(`${root}client/editors/emacs/uapi-mode.el`, "utf8");
  const lists = ["reserved", "words", "constants"].map(
    (name) => new RegExp(`\\(defconst uapi-mode-${name}\\s+'\\(([^)]*)\\)`).exec(text)?.[1] ?? "",
  );
  const words = lists.flatMap((list) => [...list.matchAll(/"(\w+)"/g)].map(([, word = ""]) => word));
  expect(words.sort()).toEqual(wanted);
});

test("Kate", () => {
  const text = readFileSync(`${root}client/editors/kate/uapi.xml`, "utf8");
  const listed = [...text.matchAll(/<item>(\w+)<\/item>/g)].map(([, word = ""]) => word);
  const told = /String="\\b\(\?:([\w|]+)\)\\b\(\?=\\s\+/.exec(text)?.[1]?.split("|") ?? [];
  expect([...listed, ...told].sort()).toEqual(wanted);
});
