// A bar for what takes long, where the client has one: a walk over many files.

import type { ClientCapabilities, Connection } from "vscode-languageserver";

export interface Progress {
  readonly done: (count: number) => void;
  readonly end: () => void;
}

/** For fewer files nobody has to be told. */
const worthShowing = 50;

const none: Progress = { done: () => undefined, end: () => undefined };

export function scanProgress(connection: Connection, client: ClientCapabilities, total: number): Progress {
  if (client.window?.workDoneProgress !== true || total < worthShowing) return none;
  let shown: { report: (percentage: number) => void; done: () => void } | null = null;
  let isOver = false;
  let percentage = 0;
  // The work does not wait for the client to have a place for it.
  connection.window.createWorkDoneProgress().then(
    (reporter) => {
      if (isOver) return;
      reporter.begin("uAPI proposals", 0, `looking at ${total} files`);
      shown = reporter;
    },
    () => undefined,
  );
  return {
    done(count) {
      const now = Math.floor((100 * count) / total);
      if (now !== percentage) shown?.report(now);
      percentage = now;
    },
    end() {
      isOver = true;
      shown?.done();
    },
  };
}
