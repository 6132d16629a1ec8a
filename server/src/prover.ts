// The other end of lsp/proofs.ts: what a worker does with the messages that it gets. The same in Node and in a browser.

import { exploring } from "./explore/exploring.ts";
import { createProver, type ProverAnswer, type ProverRequest } from "./explore/prover.ts";
import { later } from "./lsp/schedule.ts";

/** So long it does not look whether something was cancelled. */
const SLICE = 10;

/** Gives what takes the requests. */
export function serveProver(answer: (answer: ProverAnswer) => void): (request: ProverRequest) => void {
  const prover = createProver({
    explore: exploring,
    answer,
    now: () => performance.now(),
    later,
    slice: SLICE,
  });
  answer({ is: "ready" });
  return prover.receive;
}
