// Verify blocks, decided while somebody works: after a document was published its blocks are looked at, one a turn, and
// what is not known yet is explored beside all else. What a block comes to depends on the compiled proposal alone: an edit
// that leaves that as it is keeps its verdict, any other takes it away at once.

import type { View } from "../analysis/session.ts";
import { decisionsOf } from "../analysis/verify-decisions.ts";
import type { Posed } from "../analysis/verify-problems.ts";
import { withReplayed } from "../explore/decide.ts";
import type { Outcome, Problem, Progress } from "../explore/problem.ts";
import type { Program } from "../explore/program.ts";
import { programText } from "../explore/program-text.ts";
import type { Budget } from "../explore/prover.ts";
import { walk } from "../explore/walk.ts";
import {
  type BlockPart,
  isSameSource,
  type KnownBlock,
  type PartState,
  type PlacedBlock,
  pose,
  type Source,
  sourcesOf,
  verifyBlocksOf,
} from "../features/verify/blocks.ts";
import { verified } from "../features/verify/verified.ts";
import type { Proofs, Subject, Told } from "./proofs.ts";
import { later } from "./schedule.ts";
import type { Settings } from "./settings.ts";

export interface Verifier {
  /** The blocks of a document, with what is known of them as they are now. */
  readonly blocks: (view: View) => readonly KnownBlock[];
  /** What these documents claim is to be decided. */
  readonly attend: (keys: Iterable<string>) => void;
  /** Settings changed: what was decided with other budgets is decided anew. */
  readonly restart: () => void;
}

export interface VerifierParts {
  readonly proofs: Proofs;
  readonly settings: () => Settings["verify"];
  /** The open documents, with their blocks. */
  readonly open: () => Iterable<{ readonly key: string; readonly views: () => readonly View[] }>;
  /** Whether edits wait to be applied: they come first. */
  readonly isBehind: () => boolean;
  /** How many requests have come. */
  readonly requests: () => number;
  readonly subjectOf: (posed: Posed) => Subject;
  /** Something was found out about a document. */
  readonly changed: (key: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** One exploration, for as long as a block wants it or its verdict may be wanted again. */
interface Run {
  state: { readonly is: "waiting" | "running"; readonly progress: Progress | null } | Ended;
  cancel: () => void;
  readonly key: string;
  readonly problem: Problem;
  /** The machine itself is explored: it has the last word. */
  isWalk: boolean;
}

type Ended =
  | { readonly is: "ended"; readonly outcome: Outcome; readonly at: number }
  | { readonly is: "failed"; readonly why: string };

/** What was posed of a block, while its sources are these. */
interface Memo {
  readonly sources: readonly Source[];
  defect: string | null;
  /** `run` is null until its turn comes to be explored. */
  parts: readonly { readonly posed: Posed; run: Run | null; decided: BlockPart | null }[];
}

/** The whole text of what is explored. */
function keyOf(program: Program, depth: number | null): string {
  const { head, functions } = programText(program);
  return [depth, head, ...functions].join("\n");
}

/** Characters of programs whose verdicts are kept though nobody wants them now: an edit may be taken back. */
const MOST_KEPT = 8_000_000;

const MEGABYTE = 1024 * 1024;

/** Milliseconds without a request before blocks are looked at again: who has just asked will ask more. */
const QUIET = 30;

export function createVerifier(parts: VerifierParts): Verifier {
  const { proofs, settings, open, isBehind, requests, subjectOf, changed, now } = parts;
  /** By document and item. */
  const memos = new Map<string, Memo>();
  /** By the text of the program: what is explored, and was. */
  const runs = new Map<string, Run>();
  const waiting = new Set<string>();
  /** Something may be explored that nobody wants any more. */
  let isStale = false;
  let isPlanned = false;
  /** Of the requests, those that nobody has to be waited for. */
  let answered = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** What was posed of the block as it is now; undefined: nothing. */
  const memoOf = (view: View, block: PlacedBlock): Memo | undefined => {
    const known = memos.get(placeOf(block));
    if (known === undefined) return undefined;
    const sources = sourcesOf(view, block);
    const isSame =
      known.sources.length === sources.length &&
      sources.every((source, i) => {
        const before = known.sources[i];
        return before !== undefined && isSameSource(source, before);
      });
    return isSame ? known : undefined;
  };

  const plan = (): void => {
    if (isPlanned || (waiting.size === 0 && !isStale)) return;
    isPlanned = true;
    clearTimeout(timer);
    later(turn);
  };

  function turn(): void {
    isPlanned = false;
    // At once: whoever types does not want what ran for the old text to take the time.
    if (isStale) cancelUnwanted();
    isStale = false;
    if (answered !== requests()) {
      answered = requests();
      timer = setTimeout(plan, QUIET);
      return;
    }
    if (!isBehind()) work();
    plan();
  }

  /** Poses one block, or has one that is posed explored on one of its topologies. */
  function work(): void {
    for (const { key, views } of open()) {
      if (!waiting.has(key)) continue;
      for (const view of views()) {
        for (const block of verifyBlocksOf(view)) {
          const memo = memoOf(view, block);
          const part = memo?.parts.find(({ run }) => run === null);
          if (memo === undefined) memos.set(placeOf(block), memoFor(view, block));
          else if (part !== undefined) start(memo, part);
          else continue;
          changed(key);
          return;
        }
      }
      waiting.delete(key);
    }
    waiting.clear();
  }

  function memoFor(view: View, block: PlacedBlock): Memo {
    const sources = sourcesOf(view, block);
    const posed = orDefect(() => pose(view, block).posed);
    if (typeof posed === "string") return { sources, defect: posed, parts: [] };
    return { sources, defect: null, parts: posed.map((each) => ({ posed: each, run: null, decided: null })) };
  }

  function start(memo: Memo, part: Memo["parts"][number]): void {
    const run = orDefect(() => runFor(part.posed));
    if (typeof run !== "string") part.run = run;
    else {
      memo.defect = run;
      memo.parts = [];
    }
  }

  function runFor(posed: Posed): Run {
    const subject = subjectOf(posed);
    const key = "program" in subject ? keyOf(subject.program, subject.depth) : `${runs.size} ${now()}`;
    const known = runs.get(key);
    if (known !== undefined) {
      // The newest are kept the longest.
      runs.delete(key);
      runs.set(key, known);
      return known;
    }
    const { problem } = posed;
    const isWalk = !("program" in subject);
    const state = { is: "waiting", progress: null } as const;
    const run: Run = { state, cancel: () => undefined, key, problem, isWalk };
    runs.set(key, run);
    run.cancel = proofs.explore(subject, budget(), (event) => heard(run, event));
    return run;
  }

  /** What a program cannot do, or does wrong, the machine can. */
  function walkInstead(run: Run): void {
    run.isWalk = true;
    const exploration: Extract<Subject, { exploration: unknown }> = {
      exploration: (limits) => walk(run.problem, limits),
    };
    run.cancel = proofs.explore(exploration, budget(), (event) => heard(run, event));
  }

  const budget = (): Budget => {
    const { seconds, megabytes } = settings();
    return { states: Number.MAX_SAFE_INTEGER, bytes: megabytes * MEGABYTE, milliseconds: seconds * 1000 };
  };

  function heard(run: Run, event: Told): void {
    switch (event.is) {
      case "progress":
        run.state = { is: "running", progress: event.progress };
        break;
      case "failed":
        run.state = { is: "failed", why: event.message };
        // Whoever wants it again may have more luck.
        runs.delete(run.key);
        break;
      case "done":
        if (!run.isWalk && !isGood(run.problem, event.outcome)) return walkInstead(run);
        run.state = { is: "ended", outcome: inTime(event), at: now() };
        break;
      default:
        event satisfies never;
    }
    for (const { key } of wanting(run)) changed(key);
  }

  const isGood = (problem: Problem, outcome: Outcome): boolean =>
    withReplayed(problem, outcome).end !== "unsupported";

  const inTime = ({ outcome, overTime }: Extract<Told, { is: "done" }>): Outcome =>
    overTime && outcome.end === "cancelled"
      ? {
          ...outcome,
          end: "unsupported",
          reason: `the budget of ${settings().seconds} s is used up after sequences of up to ${outcome.depth} calls`,
        }
      : outcome;

  /** The open documents with a block that waits for this. */
  function* wanting(run: Run): Iterable<{ readonly key: string }> {
    for (const { key, views } of open()) {
      const wants = views().some((view) =>
        verifyBlocksOf(view).some((block) => memoOf(view, block)?.parts.some((part) => part.run === run)),
      );
      if (wants) yield { key };
    }
  }

  /** What no block wants any more is not gone on with, and old verdicts are forgotten. */
  function cancelUnwanted(): void {
    const wanted = new Set<Run>();
    const places = new Set<string>();
    for (const { views } of open()) {
      for (const view of views()) {
        for (const block of verifyBlocksOf(view)) {
          places.add(placeOf(block));
          for (const { run } of memoOf(view, block)?.parts ?? []) if (run !== null) wanted.add(run);
        }
      }
    }
    for (const place of memos.keys()) if (!places.has(place)) memos.delete(place);
    let kept = 0;
    for (const [key, run] of [...runs].reverse()) {
      if (wanted.has(run)) continue;
      kept += key.length;
      if (run.state.is === "ended" && kept <= MOST_KEPT) continue;
      run.cancel();
      runs.delete(key);
    }
  }

  function stateOf(view: View, part: Memo["parts"][number]): PartState {
    const { run, posed } = part;
    if (run === null) return { is: "waiting" };
    const { state } = run;
    switch (state.is) {
      case "waiting":
      case "running":
        return state.progress === null ? { is: "waiting" } : { is: "running", progress: state.progress };
      case "failed":
        return state;
      case "ended": {
        if (part.decided !== null) return part.decided.state;
        const { outcome, at } = state;
        const decided = told(view, posed, outcome, at);
        part.decided = { posed, state: decided };
        return decided;
      }
      default:
        return state satisfies never;
    }
  }

  function told(view: View, posed: Posed, outcome: Outcome, at: number): PartState {
    try {
      const decisions = decisionsOf(posed, outcome, budget());
      return { is: "decided", outcome, decisions, verified: verified(view, posed, outcome, budget(), 0), at };
    } catch (error) {
      return { is: "failed", why: defectOf(error) };
    }
  }

  return {
    blocks(view) {
      if (!settings().enabled) return [];
      return verifyBlocksOf(view).map((block): KnownBlock => {
        const memo = memoOf(view, block);
        const known = memo?.parts.map(
          (part): BlockPart => ({ posed: part.posed, state: stateOf(view, part) }),
        );
        return { ...block, parts: known ?? null, defect: memo?.defect ?? null };
      });
    },
    attend(keys) {
      isStale = true;
      // Who types waits for the verdict.
      answered = requests();
      if (settings().enabled) for (const key of keys) waiting.add(key);
      plan();
    },
    restart() {
      for (const run of runs.values()) run.cancel();
      runs.clear();
      memos.clear();
      for (const { key } of open()) {
        if (settings().enabled) waiting.add(key);
        changed(key);
      }
      plan();
    },
  };
}

/** What `make` gives, or the defect that keeps it from that. */
function orDefect<T>(make: () => T): T | string {
  try {
    return make();
  } catch (error) {
    return defectOf(error);
  }
}

const defectOf = (error: unknown): string =>
  `an internal error (${error instanceof Error ? error.message : String(error)}): please report it with the text`;

const placeOf = ({ origin }: PlacedBlock): string => `${origin.uri} ${origin.item}`;
