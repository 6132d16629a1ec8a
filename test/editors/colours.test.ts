// The colours of editors that have no use for TextMate grammars or semantic tokens, seen in the editors themselves: words
// of the language, names that are such words elsewhere, comments, texts and calls. Vim is looked at in its session.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makePlace, type Place, root } from "./support/place.ts";

const line = '  as = VFIO_ATTACH(dev0, as) fails EINVAL // "why"';
const sample = `scenario "x" on pair {\n${line}\n}\n`;

let place: Place;
beforeAll(() => {
  place = makePlace();
});
afterAll(() => place.remove());

test("Kate", () => {
  const definitions = join(place.home, ".local/share/org.kde.syntax-highlighting/syntax");
  mkdirSync(definitions, { recursive: true });
  copyFileSync(join(root, "client/editors/kate/uapi.xml"), join(definitions, "uapi.xml"));
  const html = execFileSync("kate-syntax-highlighter", ["--stdin", "--syntax", "uAPI proposal"], {
    env: { ...place.environment, QT_QPA_PLATFORM: "offscreen" },
    input: sample,
    encoding: "utf8",
  });
  expect(coloured(html)).toEqual([
    ["scenario", "bold"],
    ["&quot;x&quot;", "#bf0303"],
    ["on", "bold"],
    ["VFIO_ATTACH", "#644a9b"],
    ["fails", "bold"],
    ["EINVAL", "#aa5500"],
    ["// &quot;why&quot;", "#898887"],
  ]);
});

/** Text and style of every span that differs from the page. */
const coloured = (html: string): readonly (readonly [string, string])[] =>
  [...html.matchAll(/<span style="(?:color:(#\w+);)?(?:font-weight:(bold))?[^"]*">(.*?)<\/span>/g)].map(
    ([, colour = "", weight, text = ""]) => [text, weight ?? colour] as const,
  );

test("Emacs", () => {
  const program = `(progn
    (require 'uapi-mode)
    (with-temp-buffer
      (insert ${JSON.stringify(sample)})
      (uapi-mode)
      (font-lock-ensure)
      (goto-char (point-min))
      (while (not (eobp))
        (let ((face (get-text-property (point) 'face)) (start (point)))
          (goto-char (or (next-single-property-change start 'face) (point-max)))
          (when face (princ (format "%s %s\\n" face (buffer-substring-no-properties start (point)))))))))`;
  const words = ["-Q", "--batch", "-L", join(root, "client/editors/emacs"), "--eval", program];
  const shown = execFileSync("emacs", words, { env: place.environment, encoding: "utf8" });
  expect(shown.trim().split("\n")).toEqual([
    "font-lock-keyword-face scenario",
    'font-lock-string-face "x"',
    "font-lock-keyword-face on",
    "font-lock-variable-name-face as",
    "font-lock-function-name-face VFIO_ATTACH",
    "font-lock-keyword-face fails",
    "font-lock-constant-face EINVAL",
    "font-lock-comment-delimiter-face // ",
    'font-lock-comment-face "why"',
  ]);
});
