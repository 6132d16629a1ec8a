// Explorations that take turns, on a clock that the test turns itself: what is quick never waits for what is long.

import { expect, test } from "vitest";
import type { Limits, Outcome, Progress } from "../../server/src/explore/problem.ts";
import { createProver, type Exploration, type ProverAnswer } from "../../server/src/explore/prover.ts";

const progress: Progress = { states: 1, transitions: 0, depth: 0 };
const outcome = (end: Outcome["end"]): Outcome => ({
  ...progress,
  end,
  reason: null,
  found: [],
  orbits: null,
  succeeded: [],
  ordered: [],
});
const budget = { states: 1000, bytes: 1000, milliseconds: 1000 };

interface Bench {
  readonly said: string[];
  readonly answers: ProverAnswer[];
  readonly run: (job: number, milliseconds: number, own?: Partial<typeof budget>) => void;
  readonly cancel: (job: number) => void;
  /** Makes so many slices. */
  readonly slices: (count: number) => void;
  readonly now: () => number;
}

/** Each step of a job takes two milliseconds. */
function bench(): Bench {
  const answers: ProverAnswer[] = [];
  const said: string[] = [];
  const tasks: (() => void)[] = [];
  let clock = 0;
  const prover = createProver({
    explore: () => () => expect.unreachable("nothing is posted here"),
    answer(answer) {
      answers.push(answer);
      if (answer.is === "done") said.push(`${answer.job} ${answer.outcome.end} at ${clock}`);
      if (answer.is === "failed") said.push(`${answer.job} failed: ${answer.message}`);
    },
    now: () => clock,
    later: (task) => void tasks.push(task),
    slice: 10,
  });
  const work = (milliseconds: number): Exploration =>
    function* (limits: Limits) {
      for (let spent = 0; spent < milliseconds; spent += 2) {
        if (limits.isCancelled()) return outcome("cancelled");
        clock += 2;
        yield progress;
      }
      if (milliseconds < 0) throw new Error("a defect");
      return outcome("exhausted");
    };
  return {
    said,
    answers,
    run: (job, milliseconds, own = {}) => prover.run(job, work(milliseconds), { ...budget, ...own }),
    cancel: (job) => prover.receive({ do: "cancel", job }),
    slices(count) {
      for (let i = 0; i < count; i++) tasks.shift()?.();
    },
    now: () => clock,
  };
}

test("a short job that comes behind a long one is done long before it", () => {
  const { run, slices, said } = bench();
  run(1, 500);
  slices(2);
  run(2, 20);
  run(3, 20);
  slices(100);
  expect(said).toEqual(["2 exhausted at 50", "3 exhausted at 70", "1 exhausted at 540"]);
});

test("two long ones share the time", () => {
  const { run, slices, said } = bench();
  run(1, 300);
  run(2, 300);
  slices(100);
  expect(said).toEqual(["1 exhausted at 540", "2 exhausted at 600"]);
});

test("what is cancelled says nothing more, and is not gone on with", () => {
  const { run, slices, said, cancel, answers, now } = bench();
  run(1, 500);
  run(2, 20);
  slices(2);
  cancel(1);
  cancel(7);
  const before = now();
  slices(100);
  expect(said).toEqual(["2 exhausted at 40"]);
  expect(now() - before).toBe(20);
  expect(answers.filter(({ is }) => is === "progress")).toEqual([]);
});

test("time that was used up by others does not count", () => {
  const { run, slices, said, answers } = bench();
  run(1, 400, { milliseconds: 100 });
  run(2, 400);
  slices(200);
  expect(said).toEqual(["1 cancelled at 162", "2 exhausted at 502"]);
  expect(answers.flatMap((answer) => (answer.is === "done" ? [answer.overTime] : []))).toEqual([true, false]);
});

test("a long job says how far it is; a defect ends only its own", () => {
  const { run, slices, said, answers } = bench();
  run(1, 600);
  run(2, -1);
  slices(200);
  expect(said).toEqual(["2 failed: a defect", "1 exhausted at 600"]);
  expect(answers.filter(({ is }) => is === "progress")).toEqual([
    { is: "progress", job: 1, progress },
    { is: "progress", job: 1, progress },
  ]);
});
