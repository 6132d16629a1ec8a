// The tables in server/proposals/README.md that are made from the proposals are fresh.
// UPDATE_TABLES=1 writes them anew.

import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { answerText, callAnswers } from "../../server/src/diagnostics/answers.ts";
import { withTables } from "../../server/src/diagnostics/tables.ts";
import { SHIPPED, shippedTexts } from "../../server/src/semantics/shipped.ts";

const shipped = [...shippedTexts].map(([name, text]) => ({ name: SHIPPED + name, text }));
const readme = new URL("../../server/proposals/README.md", import.meta.url);

test("the tables of the proposals' README are fresh", () => {
  const text = readFileSync(readme, "utf8");
  const fresh = withTables(text, shipped);
  if (process.env.UPDATE_TABLES !== undefined) writeFileSync(readme, fresh);
  else expect(text, "run with UPDATE_TABLES=1").toBe(fresh);
});

test("answers are in the order of the checks", () => {
  const text = `proposal p extends core {
  fd a_fd opens "/dev/a" exclusive { on open { require true else ENODEV "a" } on release { } }
  fd b_fd {}
  hazard odd "why"
  ioctl A(f: a_fd) {
    require since 5.19 true else EPERM "a"
    require? true else EIO "maybe"
    if f == none { require true else EINVAL "b" } else { for x in a_fd { require true else EINVAL "c" } }
    require true else warning odd "d"
    require until 6.1 true else EBUSY "e"
    if f == none { fail EIO "f" }
  }
  op B() {}
}
`;
  const found = callAnswers([{ name: "p.uapi", text }]);
  expect(found.map(({ call, path, answers }) => [call, path, answerText(answers)])).toEqual([
    ["a_fd", "/dev/a", "ENODEV, EBUSY"],
    ["A", null, "EPERM since 5.19, EINVAL ×2, (odd), EBUSY until 6.1, EIO"],
    ["B", null, ""],
  ]);
});

test("markers that are missing are not passed over", () => {
  expect(() => withTables("nothing", shipped)).toThrow("the markers of catalogue are missing");
});
