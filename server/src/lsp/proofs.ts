// Where explorations run: in a worker if there can be one, else in the free moments of the server's own thread. A worker
// that dies takes its jobs with it, and that is said of each; the next job gets a new one. Knows no documents.

import type { Program } from "../explore/program.ts";
import { programText } from "../explore/program-text.ts";
import {
  type Budget,
  createProver,
  type Exploration,
  type PostedRequest,
  type Prover,
  type ProverAnswer,
  type ProverParts,
  type ProverRequest,
} from "../explore/prover.ts";
import { later } from "./schedule.ts";

/** A worker as the server sees it; see prover-node.ts and server-web.ts for the other end. */
export interface Worker {
  readonly post: (request: PostedRequest) => void;
  readonly onAnswer: (listener: (answer: ProverAnswer) => void) => void;
  /** It has ended, or never began; `why` is for people. */
  readonly onEnd: (listener: (why: string) => void) => void;
  readonly terminate: () => void;
}

/** Null where there are no workers. */
export type StartWorker = () => Worker | null;

/** What is explored: a program, or, where none could be made, anything that cannot be posted. */
export type Subject =
  | { readonly program: Program; readonly depth: number | null }
  | { readonly exploration: Exploration };

export type Told =
  | Extract<ProverAnswer, { is: "progress" | "done" }>
  /** The worker died, or the engine has a defect. */
  | { readonly is: "failed"; readonly message: string };

interface Job {
  readonly told: (event: Told) => void;
  /** What was posted to the worker; null for a job of this thread. */
  posted: ProverRequest | null;
}

export interface Proofs {
  /** Calls `told` until it is done or failed; gives what cancels it. */
  readonly explore: (subject: Subject, budget: Budget, told: (event: Told) => void) => () => void;
  /** How many are under way. */
  readonly running: () => number;
  readonly end: () => void;
}

/** So long the server's own thread does not look at its messages. */
const SLICE = 4;

export function createProofs(
  startWorker: StartWorker | null,
  explore: ProverParts["explore"],
  now: () => number = () => performance.now(),
): Proofs {
  const jobs = new Map<number, Job>();
  let count = 0;
  let worker: Worker | null = null;
  /** A worker that cannot even start is not tried again. */
  let canStart = startWorker !== null;

  const answered = (answer: ProverAnswer): void => {
    if (answer.is === "ready") return;
    const known = jobs.get(answer.job);
    if (known === undefined) return;
    if (answer.is !== "progress") jobs.delete(answer.job);
    known.told(answer);
  };
  let made: Prover | null = null;
  const local = (): Prover => {
    made ??= createProver({ explore, answer: answered, now, later, slice: SLICE });
    return made;
  };

  const workerNow = (): Worker | null => {
    if (worker !== null || !canStart) return worker;
    const started = startWorker?.() ?? null;
    if (started === null) {
      canStart = false;
      return null;
    }
    let isReady = false;
    started.onAnswer((answer) => {
      isReady = true;
      answered(answer);
    });
    started.onEnd((why) => {
      if (worker !== started) return;
      worker = null;
      if (!isReady) canStart = false;
      for (const [id, job] of [...jobs]) {
        if (job.posted === null) continue;
        if (isReady) {
          jobs.delete(id);
          job.told({ is: "failed", message: why });
        } else {
          local().receive(job.posted);
          job.posted = null;
        }
      }
    });
    worker = started;
    return started;
  };

  return {
    explore(subject, budget, told) {
      const job = ++count;
      if (!("program" in subject)) {
        jobs.set(job, { told, posted: null });
        local().run(job, subject.exploration, budget);
      } else {
        const helper = workerNow();
        const { program, depth } = subject;
        const request: ProverRequest = { do: "prove", job, program, depth, budget };
        jobs.set(job, { told, posted: helper === null ? null : request });
        if (helper === null) local().receive(request);
        else helper.post({ ...request, program: programText(program) });
      }
      return () => {
        const known = jobs.get(job);
        if (known === undefined) return;
        jobs.delete(job);
        const cancel: ProverRequest = { do: "cancel", job };
        if (known.posted === null) local().receive(cancel);
        else worker?.post(cancel);
      };
    },
    running: () => jobs.size,
    end: () => worker?.terminate(),
  };
}
