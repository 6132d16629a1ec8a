// The other end of lsp/proofs.ts: what a worker does with the messages that it gets. The same in Node and in a browser.

import { exploring } from "./explore/exploring.ts";
import { createReader } from "./explore/program-text.ts";
import { createProver, type PostedRequest, type ProverAnswer } from "./explore/prover.ts";
import { later } from "./lsp/schedule.ts";

/** So long it does not look whether something was cancelled. */
const SLICE = 10;

/** Gives what takes the requests. */
export function serveProver(answer: (answer: ProverAnswer) => void): (request: PostedRequest) => void {
  const prover = createProver({
    explore: exploring,
    answer,
    now: () => performance.now(),
    later,
    slice: SLICE,
  });
  answer({ is: "ready" });
  const read = createReader();
  return (request) =>
    prover.receive(request.do === "prove" ? { ...request, program: read(request.program) } : request);
}
