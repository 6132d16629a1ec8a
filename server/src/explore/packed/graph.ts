// What calls led to in all states of a program, kept to be used for the next one: where calls do the same as before, it
// is known what they lead to. Knows of calls and states no more than their numbers.

/** Of a step: the call, and in these bits the state that it leads to. */
const BITS = 19;
export const SHIFT = BITS;
/** It leads nowhere else. */
export const NOWHERE = 2 ** BITS - 1;
/** In front of the steps of each state. */
export const STATE = -1;

/** Programs with more calls, or of more states or steps, are not kept: a step needs 4 bytes, a state some tens of them. */
export const MOST_CALLS = 2 ** (31 - BITS);
export const MOST_STATES = 2 ** 15;
export const MOST_STEPS = 2 ** 19;

export const stepOf = (call: number, to: number): number => (call << BITS) | to;

/** The steps of a state lie from its start up to that of the next one. */
export interface Graph {
  readonly states: number;
  readonly starts: Int32Array;
  readonly steps: Int32Array;
}

export const emptyGraph: Graph = { states: 0, starts: new Int32Array(1), steps: new Int32Array() };

/** The graph with what was found out since: the calls of `isTried` were tried again in its states, all calls in others. */
export function renewed(
  before: Graph,
  isTried: readonly boolean[],
  found: readonly Int32Array[],
  states: number,
): Graph {
  const length = found.reduce((sum, part) => sum + part.length, before.steps.length);
  const steps = new Int32Array(length);
  const starts = new Int32Array(states + 1);
  const drops = Uint8Array.from(isTried, Number);
  let [count, state] = [0, -1];
  for (const part of found) {
    for (let i = 0; i < part.length; i++) {
      const step = part[i] ?? 0;
      if (step !== STATE) {
        steps[count++] = step;
        continue;
      }
      starts[++state] = count;
      if (state >= before.states) continue;
      const end = before.starts[state + 1] ?? 0;
      for (let kept = before.starts[state] ?? 0; kept < end; kept++) {
        const own = before.steps[kept] ?? 0;
        if (drops[own >>> BITS] === 0) steps[count++] = own;
      }
    }
  }
  starts[states] = count;
  return { states, starts, steps: steps.subarray(0, count) };
}

export interface Reached {
  readonly isReached: (state: number) => boolean;
  readonly states: number;
  readonly transitions: number;
  /** Calls to the farthest state. */
  readonly depth: number;
  /** By call. */
  readonly succeeded: readonly boolean[];
}

/** What can be reached from the first state. */
export function reachedIn({ states, starts, steps }: Graph, calls: number): Reached {
  const isReached = new Uint8Array(states);
  const succeeded = new Uint8Array(calls);
  const queue = new Int32Array(states);
  let [count, transitions, depth, levelEnd] = [1, 0, 0, 1];
  isReached[0] = 1;
  for (let at = 0; at < count; at++) {
    if (at === levelEnd) {
      depth++;
      levelEnd = count;
    }
    const state = queue[at] ?? 0;
    const start = starts[state] ?? 0;
    const end = starts[state + 1] ?? 0;
    transitions += end - start;
    for (let i = start; i < end; i++) {
      const step = steps[i] ?? 0;
      const to = step & NOWHERE;
      succeeded[step >>> BITS] = 1;
      if (to === NOWHERE || isReached[to] === 1) continue;
      isReached[to] = 1;
      queue[count++] = to;
    }
  }
  return {
    ...{ isReached: (state) => isReached[state] === 1, states: count, transitions, depth },
    succeeded: Array.from(succeeded, (each) => each === 1),
  };
}
