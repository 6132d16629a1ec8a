// Scenarios, step by step: grammar/README.md, "Scenario".

import type {
  Argument,
  Attribute,
  Call,
  CallStep,
  Expression,
  Step,
  TaskStep,
  TopologyDeclaration,
} from "../../server/src/syntax/ast.ts";
import { call, open } from "./calls.ts";
import { type Context, evaluate, evaluateHandle, type Given, Unknown } from "./evaluate.ts";
import type { Loaded } from "./load.ts";
import { expecting, type Program } from "./program.ts";
import { brokenBindings } from "./rules.ts";
import { copyState, named, type State, thingOf } from "./state.ts";
import { addTask, machineOf } from "./topology.ts";
import { isRef, isStruct, type Ref, type Struct, unknown, type Value } from "./values.ts";

export interface StepResult {
  readonly start: number;
  readonly end: number;
  readonly outcome: "ok" | "errno" | "violation" | "unknown";
  /** The errno, or the rules that broke. */
  readonly names: readonly string[];
  /** Nothing here is a finding. */
  readonly isMet: boolean;
}

/** What changes from step to step. */
export interface World {
  readonly state: State;
  readonly vars: ReadonlyMap<string, Value>;
  /** Things of which one does not know what happened to them. */
  readonly doubt: ReadonlySet<number>;
  readonly broken: ReadonlyMap<string, string>;
}

interface Done {
  readonly world: World;
  readonly result: StepResult;
}

export function runScenario({ scenario, topology, program }: Loaded["scenarios"][number]): StepResult[] {
  const started = boot(program, topology, tasksOf(scenario.body), expectedNames(scenario.body));
  const results: StepResult[] = [];
  advance(started, started.world, scenario.body, started.main, results);
  return results;
}

export interface Started {
  /** The proposal with the rules that are looked at. */
  readonly program: Program;
  readonly world: World;
  readonly main: number;
}

/** The machine before the first step. If a rule does not hold, it is impossible. */
export function boot(
  proposal: Program,
  topology: TopologyDeclaration,
  tasks: ReadonlyMap<string, readonly Attribute[]>,
  expected: ReadonlySet<string>,
): Started {
  const program = expecting(proposal, expected);
  const state = machineOf(program, topology);
  const cx: Context = {
    ...{ program, state, caller: 0, env: new Map(), isScript: false, hazards: new Set<string>() },
  };
  for (const [name, attributes] of tasks) addTask(state, name, attributes, cx);
  const main = named(state, "task", "main")?.ref ?? 0;
  const broken = brokenBindings(program, state, main);
  return { program, world: { state, vars: new Map(), doubt: new Set(), broken }, main };
}

/** The rules and hazards that some step expects. */
function expectedNames(body: readonly Step[]): Set<string> {
  const found = new Set<string>();
  for (const step of body) {
    if (step.kind === "task" || step.kind === "parallel")
      for (const name of expectedNames(step.body)) found.add(name);
    if (step.kind !== "step") continue;
    for (const { outcome, name } of step.expected)
      if (outcome === "violates" && name !== null) found.add(name.text);
  }
  return found;
}

/** All tasks of a scenario, with the attributes of the first mention. */
function tasksOf(body: readonly Step[]): Map<string, readonly Attribute[]> {
  const found = new Map<string, readonly Attribute[]>([["main", []]]);
  const look = (steps: readonly Step[]): void => {
    for (const step of steps) {
      if (step.kind === "task" && (!found.has(step.name.text) || step.attributes.length > 0))
        found.set(step.name.text, step.attributes);
      if (step.kind === "task" || step.kind === "parallel") look(step.body);
    }
  };
  look(body);
  return found;
}

/** Runs steps of a task from a world on; results go to `out`. */
export function advance(
  { program }: Pick<Started, "program">,
  from: World,
  body: readonly Step[],
  task: number,
  out: StepResult[],
): World {
  let world = from;
  for (const step of body) {
    if (step.kind === "task") {
      const id = named(world.state, "task", step.name.text)?.ref ?? task;
      world = advance({ program }, world, step.body, id, out);
    } else if (step.kind === "parallel") world = runParallel(program, world, step.body, task, out);
    else {
      const done = runStep(program, world, step, task);
      out.push(done.result);
      world = done.world;
    }
  }
  return world;
}

// ---------------------------------------------------------------- parallel

interface Timed {
  readonly step: Step;
  readonly task: number;
}

/** Every interleaving is tried; what follows runs on from the written order. */
function runParallel(
  program: Program,
  world: World,
  body: readonly Step[],
  task: number,
  out: StepResult[],
): World {
  const threads = body
    .filter((step): step is TaskStep => step.kind === "task")
    .map(({ name, body: steps }): Timed[] =>
      steps.map((step) => ({ step, task: named(world.state, "task", name.text)?.ref ?? task })),
    );
  const unmet = new Set<Step>();
  interleave(program, world, threads, unmet);

  let end = world;
  for (const { step, task: id } of threads.flat()) {
    const done = runStep(program, end, step, id);
    end = done.world;
    out.push({ ...done.result, isMet: done.result.isMet && !unmet.has(step) });
  }
  return end;
}

function interleave(
  program: Program,
  world: World,
  threads: readonly (readonly Timed[])[],
  unmet: Set<Step>,
): void {
  threads.forEach((thread, index) => {
    const next = thread[0];
    if (next === undefined) return;
    const done = runStep(program, world, next.step, next.task);
    if (!done.result.isMet) unmet.add(next.step);
    interleave(
      program,
      done.world,
      threads.map((one, other) => (other === index ? one.slice(1) : one)),
      unmet,
    );
  });
}

// ---------------------------------------------------------------- one step

function runStep(program: Program, world: World, step: Step, task: number): Done {
  const { start, end } = step;
  if (step.kind === "assert") {
    const value = attempt(() => evaluate(step.condition, script(program, world, task)));
    const outcome = value === unknown ? "unknown" : "ok";
    return {
      world,
      result: { start, end, outcome, names: [], isMet: value === unknown || value === true },
    };
  }
  if (step.kind !== "step") throw new Error(`a ${step.kind} here`);
  return new StepRun(program, world, task).run(step);
}

function script(program: Program, world: World, caller: number): Context {
  return {
    ...{ program, state: world.state, caller, env: new Map(world.vars), isScript: true },
    hazards: new Set(),
  };
}

function attempt(evaluated: () => Value): Value {
  try {
    return evaluated();
  } catch (error) {
    if (error instanceof Unknown) return unknown;
    throw error;
  }
}

/** One of the alternatives came true; of several rules that break, each has to be expected. */
function isExpected({ expected }: CallStep, outcome: string, names: readonly string[]): boolean {
  if (outcome === "ok") return expected.length === 0 || expected.some((one) => one.outcome === "ok");
  const wanted = outcome === "errno" ? "fails" : "violates";
  const named = expected.filter((one) => one.outcome === wanted);
  return (
    named.length > 0 &&
    names.every((name) => named.some((one) => one.name === null || one.name.text === name))
  );
}

type Evaluated = { readonly value: Value } | { readonly errno: string } | { readonly skipped: true };

/** One call step, with the calls among its arguments. */
class StepRun {
  readonly #program: Program;
  readonly #task: number;
  #state: State;
  #broken: ReadonlyMap<string, string>;
  readonly #vars: Map<string, Value>;
  readonly #doubt: Set<number>;
  readonly #violated = new Set<string>();
  #isDoubtful = false;

  constructor(program: Program, world: World, task: number) {
    this.#program = program;
    this.#task = task;
    this.#state = world.state;
    this.#broken = world.broken;
    this.#vars = new Map(world.vars);
    this.#doubt = new Set(world.doubt);
  }

  run(step: CallStep): Done {
    const made = this.#value(step.value);
    const value = "value" in made ? made.value : unknown;
    this.#store(step.target, value);

    const outcome = this.#outcome(made, step.value.kind === "call");
    const names =
      outcome === "errno" && "errno" in made
        ? [made.errno]
        : outcome === "violation"
          ? [...this.#violated].toSorted()
          : [];
    const isMet = outcome === "unknown" || isExpected(step, outcome, names);
    return {
      world: { state: this.#state, vars: this.#vars, doubt: this.#doubt, broken: this.#broken },
      result: { start: step.start, end: step.end, outcome, names, isMet },
    };
  }

  /** A refusal or violation of a call with an argument in doubt is not known to be one. */
  #outcome(made: Evaluated, isCall: boolean): StepResult["outcome"] {
    if ("skipped" in made) return isCall ? "unknown" : "ok";
    const outcome = "errno" in made ? "errno" : this.#violated.size > 0 ? "violation" : "ok";
    return outcome !== "ok" && this.#isDoubtful ? "unknown" : outcome;
  }

  #store(target: CallStep["target"], value: Value): void {
    if (target === null) return;
    if (target.kind === "name") this.#vars.set(target.text, value);
    else if (target.target.kind === "name") this.#setField(target.target.text, target.name.text, value);
  }

  #setField(name: string, field: string, value: Value): void {
    const old = this.#vars.get(name) ?? null;
    const fields = isStruct(old) ? old.fields : new Map<string, Value>();
    this.#vars.set(name, { fields: new Map([...fields, [field, value]]) });
  }

  #context(): Context {
    return {
      ...{ program: this.#program, state: this.#state, caller: this.#task, env: this.#vars },
      ...{ isScript: true, hazards: new Set<string>() },
    };
  }

  #value(node: Expression): Evaluated {
    if (node.kind === "call" && this.#isCall(node)) return this.#call(node);
    if (node.kind === "struct") {
      const fields = new Map<string, Value>();
      for (const { name, value } of node.fields) {
        const made = this.#value(value);
        fields.set(name?.text ?? "", "value" in made ? made.value : unknown);
      }
      return { value: { fields } };
    }
    const value = attempt(() => evaluateHandle(node, this.#context()));
    return value === unknown ? { skipped: true } : { value };
  }

  #isCall({ callee }: Call): boolean {
    return callee.text === "open" || this.#program.operations.has(callee.text);
  }

  #call(node: Call): Evaluated {
    if (node.callee.text === "open") return this.#open(node);
    const operation = this.#program.operations.get(node.callee.text);
    if (operation === undefined) return { skipped: true };
    const given: Given[] = [];
    const structs: Struct[] = [];
    let failed: Evaluated | null = null;
    for (const one of node.args) {
      const made = this.#value(one.value);
      if (!("value" in made)) failed ??= made;
      else if (isStruct(made.value)) structs.push(made.value);
      else given.push({ name: one.name?.text ?? null, value: made.value });
    }
    const params = new Set(operation.params.map(({ name }) => name.text));
    for (const { fields } of structs)
      for (const [name, value] of fields) {
        if (!params.has(name)) continue;
        if (value === unknown) failed ??= { skipped: true };
        else given.push({ name, value });
      }
    const handles = given.flatMap(({ value }) => [...(Array.isArray(value) ? value : [value])]).filter(isRef);
    if (failed !== null) {
      for (const one of handles) if (this.#isHandle(one)) this.#doubt.add(one.ref);
      return failed;
    }
    const isDoubtful = handles.some(({ ref }) => this.#doubt.has(ref));
    this.#isDoubtful ||= isDoubtful;
    const evaluated = this.#finish(call(this.#program, this.#state, this.#task, operation, given));
    if (isDoubtful) this.#spreadDoubt(evaluated, handles);
    if (operation.resultField !== null)
      this.#storeResult(
        node.args,
        operation.resultField.text,
        "value" in evaluated ? evaluated.value : unknown,
      );
    return evaluated;
  }

  /** What a call in doubt gives, or would have touched, is in doubt as well (the page is silent). */
  #spreadDoubt(evaluated: Evaluated, handles: readonly Ref[]): void {
    const touched = "errno" in evaluated ? handles : "value" in evaluated ? [evaluated.value] : [];
    for (const one of touched) if (isRef(one) && this.#isHandle(one)) this.#doubt.add(one.ref);
  }

  /** Hardware and tasks are never in doubt (the page says "their other arguments"). */
  #isHandle(ref: Ref): boolean {
    return this.#program.kinds.get(thingOf(this.#state, ref).kind)?.sort !== "hardware";
  }

  /** C callers find the result in a field of the struct that they gave. */
  #storeResult(args: readonly Argument[], field: string, value: Value): void {
    for (const one of args)
      if (one.value.kind === "name" && isStruct(this.#vars.get(one.value.text) ?? null))
        this.#setField(one.value.text, field, value);
  }

  #open(node: Call): Evaluated {
    const path = node.args[0]?.value;
    if (path?.kind !== "string") return { skipped: true };
    return this.#finish(open(this.#program, this.#state, this.#task, path.value));
  }

  /** The state moves on, and rules are looked at. */
  #finish(result: ReturnType<typeof call>): Evaluated {
    const kept = "errno" in result ? result.kept : result;
    if (kept !== null) {
      this.#state = kept.state;
      const broken = brokenBindings(this.#program, copyState(this.#state), this.#task);
      for (const name of kept.broken) this.#violated.add(name);
      for (const [key, name] of broken) if (!this.#broken.has(key)) this.#violated.add(name);
      this.#broken = broken;
    }
    if ("errno" in result) return result;
    return { value: result.value };
  }
}
