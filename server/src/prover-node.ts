// The worker thread of the server in Node that explores; started by server-node.ts.

import { parentPort } from "node:worker_threads";
import type { PostedRequest } from "./explore/prover.ts";
import { serveProver } from "./prover.ts";

const port = parentPort;
if (port !== null) {
  const receive = serveProver((answer) => port.postMessage(answer));
  port.on("message", (request: PostedRequest) => receive(request));
}
