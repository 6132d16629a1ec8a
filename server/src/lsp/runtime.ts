// What the protocol's library asks of the place that it runs in: timers. Its own answers for Node and for browsers load
// what reads and writes streams there, which the entries do themselves.

import { RAL } from "vscode-languageserver";

/** Unless somebody has answered already. */
export function installRuntime(): void {
  try {
    RAL();
  } catch {
    RAL.install(runtime);
  }
}

const noStreams = (): never => {
  throw new Error("the library reads and writes no streams here");
};

const runtime: ReturnType<typeof RAL> = {
  console,
  timer: {
    setTimeout: (callback, ms, ...args) => disposable(clearTimeout, setTimeout(callback, ms, ...args)),
    setInterval: (callback, ms, ...args) => disposable(clearInterval, setInterval(callback, ms, ...args)),
    setImmediate: (callback, ...args) =>
      typeof setImmediate === "function"
        ? disposable(clearImmediate, setImmediate(callback, ...args))
        : atOnce(() => callback(...args)),
  },
  messageBuffer: { create: noStreams },
  applicationJson: {
    encoder: { name: "application/json", encode: noStreams },
    decoder: { name: "application/json", decode: noStreams },
  },
};

const disposable = <T>(clear: (handle: T) => void, handle: T) => ({ dispose: () => clear(handle) });

/** A timer of a browser would wait. */
function atOnce(callback: () => void) {
  let isWanted = true;
  queueMicrotask(() => {
    if (isWanted) callback();
  });
  return {
    dispose: () => {
      isWanted = false;
    },
  };
}
