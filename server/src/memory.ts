// Keeps the server's process small while nobody types. Knows nothing of what it does.

import { Session } from "node:inspector";
import { performance } from "node:perf_hooks";

/** What is worth a pause of some tens of milliseconds, which nobody is there to notice. */
const worthIt = 16 * 1024 * 1024;
const period = 2000;
/** Who spends a larger share of a period on something has something to do. */
const restless = 0.02;

/** What reading a long text leaves behind stays with V8 until it needs the room: given back while nobody types. */
export function giveBackMemory(): void {
  let before = performance.eventLoopUtilization();
  let settled = 0;
  let isAsked = false;
  setInterval(() => {
    const now = performance.eventLoopUtilization();
    const isIdle = performance.eventLoopUtilization(now, before).utilization < restless;
    before = now;
    const { heapTotal } = process.memoryUsage();
    if (isAsked) settled = heapTotal;
    isAsked = isIdle && heapTotal > settled + worthIt;
    if (isAsked) collect();
  }, period).unref();
}

/** What a debugger's button does: V8 also moves together what is left, and gives back what is free then. */
function collect(): void {
  const session = new Session();
  session.connect();
  // Not while the session is at it.
  session.post("HeapProfiler.collectGarbage", () => setImmediate(() => session.disconnect()));
}
