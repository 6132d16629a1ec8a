// `uapi import transcript`: what it prints, and where it says what it did not understand.

import { expect, test } from "vitest";
import { uapi } from "../cli/fake-io.ts";

const good = "case one\n  bind_driver 0000:03:02.0 e1000 -> ok\n  g1 = open /dev/vfio/6 -> ok\n";
const files = { "good.txt": good, "bad.txt": `${good}  close g1 -> perhaps\n` };

test("scenarios on the standard output", async () => {
  const { status, out, err } = await uapi(["import", "transcript", "good.txt"], { files });
  expect({ status, err }).toEqual({ status: 0, err: "" });
  expect(out).toContain('scenario "one" on machine with vfio {');
  expect(out).toContain('  bind_driver("0000:03:02.0", "e1000")\n  g1 = open("/dev/vfio/6")\n}');
});

test("the standard input", async () => {
  expect(await uapi(["import", "transcript", "-"], { stdin: good })).toMatchObject({ status: 0, err: "" });
});

test("what is not understood, by file and line; the rest is there", async () => {
  const { status, out, err } = await uapi(["import", "transcript", "bad.txt"], { files });
  expect({ status, err }).toEqual({
    status: 1,
    err: "bad.txt:4: an answer is `ok` or an errno, not `perhaps`\n",
  });
  expect(out).toContain('g1 = open("/dev/vfio/6")');
  expect(out).toContain("// line 4 is not understood: close g1 -> perhaps");
});

test.each([
  [["import"], "give a form and one file: transcript FILE"],
  [["import", "transcript"], "give a form and one file: transcript FILE"],
  [
    ["import", "transcripts", "good.txt"],
    "the form is one of transcript, not `transcripts`; did you mean `transcript`?",
  ],
])("%j", async (argv, message) => {
  const { status, out, err } = await uapi(argv, { files });
  expect({ status, out }).toEqual({ status: 2, out: "" });
  expect(err).toContain(`uapi import: ${message}\n`);
});

test("a file that cannot be read", async () => {
  expect(await uapi(["import", "transcript", "none.txt"], { files })).toMatchObject({
    status: 2,
    err: "uapi: cannot read none.txt: no such file or directory\n",
  });
});
