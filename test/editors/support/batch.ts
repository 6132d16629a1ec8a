// Editors that run a script of their own language in batch mode. The script writes one line for each step.

import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "./helix.ts";
import { type Place, root, tools } from "./place.ts";
import { lastLines } from "./text.ts";

export interface BatchEditor {
  readonly program: string;
  readonly words: (file: string) => readonly string[];
  /** Where its language client logs, inside the home. */
  readonly log?: string;
}

const neovimWords = (file: string): readonly string[] => [
  ...["--headless", "-u", "NONE", "-i", "NONE", "-n"],
  ...[
    "-c",
    "lua vim.lsp.set_log_level('debug')",
    "-c",
    `luafile ${join(root, "client/editors/nvim/uapi.lua")}`,
  ],
  ...["-c", `edit ${file}`, "-c", `luafile ${join(root, "test/editors/neovim/session.lua")}`],
];

export const neovim: BatchEditor = { program: "nvim", words: neovimWords, log: ".cache/nvim/lsp.log" };

export const newerNeovim: BatchEditor = {
  program: join(tools, ".newer/bin/nvim"),
  words: neovimWords,
  log: ".local/state/nvim/lsp.log",
};

export const vim: BatchEditor = {
  program: "vim",
  words: (file) => [
    ...["-N", "-es", "-u", "NONE", "-i", "NONE", "-n"],
    ...["--cmd", `set nomore runtimepath+=/usr/share/vim-ale,${join(root, "client/editors/vim")}`],
    ...[
      "--cmd",
      "runtime! plugin/ale.vim plugin/uapi.vim",
      "--cmd",
      "filetype plugin on",
      "--cmd",
      "syntax on",
    ],
    ...[file, "-S", join(root, "test/editors/vim/session.vim")],
  ],
};

export const emacs: BatchEditor = {
  program: "emacs",
  words: () => [
    ...["-Q", "--batch", "-L", join(root, "client/editors/emacs")],
    ...["-l", join(root, "test/editors/emacs/session.el")],
  ],
};

export async function batchSession(editor: BatchEditor, place: Place, file: string): Promise<Report> {
  const report = join(place.folder, "report");
  const said = await new Promise<string>((done) => {
    let text = "";
    const child = spawn(editor.program, editor.words(file), {
      cwd: place.workspace,
      env: { ...place.environment, UAPI_FILE: file, UAPI_REPORT: report },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 500_000,
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data: Buffer) => {
        text += data.toString();
      });
    child.on("error", (problem) => done(String(problem)));
    child.on("close", (code, signal) => done(`${text}\n${editor.program} ended with ${signal ?? code}\n`));
  });
  const lines = existsSync(report) ? readFileSync(report, "utf8").trim().split("\n") : [];
  const log = editor.log === undefined ? "" : join(place.home, editor.log);
  return {
    steps: new Map(lines.map((line) => [line.replace(/:.*/, ""), line.replace(/^[^:]*: /, "")])),
    log: said + (existsSync(log) ? lastLines(readFileSync(log, "utf8")) : ""),
  };
}
