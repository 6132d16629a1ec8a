// Explores programs beside other work: in a worker that is told what to do by messages, or, where there is none, in the
// free moments of the one thread. Jobs take turns, so that what is quickly decided never waits behind what is not; every
// few milliseconds messages are read. Knows neither clock nor thread: both come in.

import type { Limits, Outcome, Progress } from "./problem.ts";
import type { Program } from "./program.ts";
import type { ProgramText } from "./program-text.ts";

export interface Budget {
  readonly states: number;
  readonly bytes: number;
  readonly milliseconds: number;
}

/** To the prover: plain data, which can be posted. */
export type ProverRequest =
  | {
      readonly do: "prove";
      readonly job: number;
      readonly program: Program;
      /** Calls of a sequence; null: any number. */
      readonly depth: number | null;
      readonly budget: Budget;
    }
  | { readonly do: "cancel"; readonly job: number };

/** As it is posted to a worker. */
export type PostedRequest =
  | (Omit<Extract<ProverRequest, { do: "prove" }>, "program"> & { readonly program: ProgramText })
  | Extract<ProverRequest, { do: "cancel" }>;

/** From it. A worker says once that it is there. Of a cancelled job nothing more is said. */
export type ProverAnswer =
  | { readonly is: "ready" }
  | { readonly is: "progress"; readonly job: number; readonly progress: Progress }
  | { readonly is: "done"; readonly job: number; readonly outcome: Outcome; readonly overTime: boolean }
  | { readonly is: "failed"; readonly job: number; readonly message: string };

export type Exploration = (limits: Limits) => Generator<Progress, Outcome>;

export interface ProverParts {
  readonly explore: (program: Program, depth: number | null) => Exploration;
  readonly answer: (answer: ProverAnswer) => void;
  /** Milliseconds, from any beginning. */
  readonly now: () => number;
  /** Calls back when waiting messages were read. */
  readonly later: (task: () => void) => void;
  /** Milliseconds between two looks at the messages. */
  readonly slice: number;
}

export interface Prover {
  readonly receive: (request: ProverRequest) => void;
  /** The same for what cannot be posted. */
  readonly run: (job: number, exploration: Exploration, budget: Budget) => void;
}

interface Job {
  readonly job: number;
  readonly exploration: Exploration;
  readonly budget: Budget;
  steps: Generator<Progress, Outcome> | null;
  /** Milliseconds that it had before this slice, and when that began. */
  spent: number;
  begun: number;
  told: number;
  isCancelled: boolean;
}

/** A turn lasts as long as the job had already, at least this: a long proof is not interrupted for ever. */
const SHORTEST_TURN = 30;
const PROGRESS_EVERY = 250;

export function createProver({ explore, answer, now, later, slice }: ProverParts): Prover {
  const queue: Job[] = [];
  let isPlanned = false;
  /** Until when the first of the queue may go on. */
  let turnEnds = 0;

  const plan = (): void => {
    if (isPlanned || queue.length === 0) return;
    isPlanned = true;
    later(() => {
      isPlanned = false;
      work();
      plan();
    });
  };

  function work(): void {
    const [job] = queue;
    if (job === undefined) return;
    if (turnEnds === 0) turnEnds = job.spent + Math.max(SHORTEST_TURN, job.spent);
    job.begun = now();
    try {
      job.steps ??= job.exploration(limitsOf(job));
      for (;;) {
        const step = job.steps.next();
        const passed = now() - job.begun;
        if (step.done === true) {
          finish(job, { is: "done", job: job.job, outcome: step.value, overTime: isOverTime(job, passed) });
          return;
        }
        if (passed < slice) continue;
        job.spent += passed;
        if (job.spent - job.told >= PROGRESS_EVERY) {
          job.told = job.spent;
          answer({ is: "progress", job: job.job, progress: step.value });
        }
        break;
      }
    } catch (error) {
      finish(job, {
        is: "failed",
        job: job.job,
        message: error instanceof Error ? error.message : String(error),
      });
      return;
    }
    if (job.spent < turnEnds) return;
    turnEnds = 0;
    queue.push(...queue.splice(0, 1));
  }

  const isOverTime = ({ budget, spent }: Job, passed: number): boolean =>
    spent + passed > budget.milliseconds;

  /** The engine asks more often than it yields. */
  const limitsOf = (job: Job): Limits => ({
    states: job.budget.states,
    bytes: job.budget.bytes,
    isCancelled: () => job.isCancelled || isOverTime(job, now() - job.begun),
  });

  function finish(job: Job, last: ProverAnswer): void {
    remove(job);
    if (!job.isCancelled) answer(last);
  }

  function remove(job: Job): void {
    const at = queue.indexOf(job);
    if (at === 0) turnEnds = 0;
    if (at !== -1) queue.splice(at, 1);
  }

  const run: Prover["run"] = (job, exploration, budget) => {
    queue.push({ job, exploration, budget, steps: null, spent: 0, begun: 0, told: 0, isCancelled: false });
    plan();
  };

  return {
    run,
    receive(request) {
      if (request.do === "prove")
        return run(request.job, explore(request.program, request.depth), request.budget);
      const job = queue.find((each) => each.job === request.job);
      if (job === undefined) return;
      job.isCancelled = true;
      remove(job);
    },
  };
}
