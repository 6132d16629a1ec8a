// Keeps the server's process small while nobody types. Knows nothing of what it does.

import { performance } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What reading a long text leaves behind stays with V8 until it needs the room: given back while nobody types. */
export function giveBackMemory(): void {
  let collect: unknown = null;
  const worthIt = 16 * 1024 * 1024;
  let before = performance.eventLoopUtilization();
  let settled = 0;
  let rounds = 0;
  setInterval(() => {
    const now = performance.eventLoopUtilization();
    const isIdle = performance.eventLoopUtilization(now, before).utilization < 0.02;
    before = now;
    if (process.memoryUsage().heapTotal > settled + worthIt) rounds = 3;
    if (!isIdle || rounds === 0) return;
    if (collect === null) {
      setFlagsFromString("--expose-gc");
      collect = runInNewContext("gc");
    }
    if (typeof collect !== "function") return;
    // Pages are given back some time after they were found empty: the next time finds them gone.
    collect();
    rounds--;
    settled = process.memoryUsage().heapTotal;
  }, 2000).unref();
}
