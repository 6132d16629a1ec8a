// Random scenarios over a proposal, made step by step: the interpreter says what each step does, so that most arguments
// are live handles and the machine gets somewhere. Text and results of every step are kept.

import type {
  Operation,
  Parameter,
  Step,
  TopologyDeclaration,
  TypeNode,
} from "../../server/src/syntax/ast.ts";
import { parseChunk } from "../../server/src/syntax/parse.ts";
import type { Machine } from "./machines.ts";
import { isA, isOptional, type Kind, namesOf, type Program, visit } from "./program.ts";
import type { Random } from "./random.ts";
import { advance, boot, type StepResult, type World } from "./scenario.ts";
import { named, thingOf } from "./state.ts";
import { isRef, unknown } from "./values.ts";

export interface Scenario {
  readonly lines: readonly string[];
  readonly results: readonly StepResult[];
}

/** What is expected of a step that ended so. */
function exactly(result: StepResult | undefined): string {
  if (result === undefined || result.outcome === "ok") return "";
  const word = result.outcome === "errno" ? "fails" : "violates";
  return ` ${result.names.map((name) => `${word} ${name}`).join(" or ")}`;
}

interface Line {
  /** Of the operation. */
  readonly name: string;
  readonly operation: Operation | null;
  /** Lines that have to stand before it. */
  readonly before: readonly string[];
  readonly text: string;
  readonly result: Variable | null;
}

interface Variable {
  readonly name: string;
  /** The declared kind of what it holds: an fd, an object, or `int`. */
  readonly kind: string;
}

const hints = new Map<Operation, readonly string[]>();

/** The numbers that the body of an operation speaks of. */
function hintsOf(program: Program, operation: Operation): readonly string[] {
  const known = hints.get(operation);
  if (known !== undefined) return known;
  const found = new Set<string>();
  visit(operation.body, ({ kind, text }) => {
    if (text !== undefined && (kind === "number" || (kind === "name" && program.consts.has(text))))
      found.add(text);
  });
  hints.set(operation, [...found]);
  return [...found];
}

const tasks = ["main", "vm", "other"];

/** Beginnings of scenarios in which an operation succeeded: from there one gets further than from nothing. */
export class Pool {
  /** How often each operation succeeded, in all scenarios. */
  readonly succeeded = new Map<string, number>();
  readonly #kept = new Map<string, Generator[]>();
  /** Every step says what comes of it, and nothing is a finding. */
  readonly isExact: boolean;

  constructor(isExact = false) {
    this.isExact = isExact;
  }

  add(operation: string, generator: Generator): void {
    this.succeeded.set(operation, (this.succeeded.get(operation) ?? 0) + 1);
    const kept = this.#kept.get(operation) ?? [];
    this.#kept.set(operation, kept);
    if (kept.length < 6) kept.push(generator.clone());
  }

  pick(random: Random): Generator | null {
    const kept = random.maybe([...this.#kept.values()]);
    return kept === null ? null : random.pick(kept).clone();
  }
}

export class Generator {
  readonly #random: Random;
  readonly #proposal: Program;
  readonly #machine: Machine;
  readonly #operations: readonly Operation[];
  readonly #program: Program;
  #world: World;
  readonly #main: number;
  readonly #results: StepResult[] = [];
  readonly #lines: string[] = [];
  readonly #variables: Variable[] = [];
  #next = 0;
  #task = "main";
  #hints: readonly string[] = [];
  readonly #pool: Pool;

  /** Null when the machine cannot exist under the proposal. */
  static start(
    random: Random,
    proposal: Program,
    machine: Machine,
    topology: TopologyDeclaration,
    pool: Pool,
  ): Generator | null {
    const off = [...proposal.rules.values(), ...proposal.hazards.values()].filter(
      ({ severity }) => severity === "off",
    );
    const expected = off.length > 0 && random.chance(0.3) ? random.pick(off).name.text : null;
    const names = new Map(tasks.map((name) => [name, []]));
    const started = boot(proposal, topology, names, new Set(expected === null ? [] : [expected]));
    if (started.world.broken.size > 0) return null;
    const made = new Generator(random, proposal, machine, started, pool);
    for (const task of tasks.slice(1)) made.#add(`task ${task} { }`);
    if (expected !== null) made.#add(`munmap(99) fails ENOENT or violates ${expected}`);
    return made;
  }

  private constructor(
    random: Random,
    proposal: Program,
    machine: Machine,
    started: ReturnType<typeof boot>,
    pool: Pool,
  ) {
    this.#pool = pool;
    this.#random = random;
    this.#proposal = proposal;
    this.#machine = machine;
    this.#operations = [...proposal.operations.values()];
    this.#program = started.program;
    this.#world = started.world;
    this.#main = started.main;
  }

  /** The machine that it runs on. */
  get machine(): Machine {
    return this.#machine;
  }

  /** A scenario that begins like this one. */
  clone(): Generator {
    const started = { program: this.#program, world: this.#world, main: this.#main };
    const made = new Generator(this.#random, this.#proposal, this.#machine, started, this.#pool);
    made.#results.push(...this.#results);
    made.#lines.push(...this.#lines);
    made.#variables.push(...this.#variables);
    made.#next = this.#next;
    return made;
  }

  run(length: number): Scenario {
    for (let i = 0; i < length; i++) this.#step();
    return { lines: this.#lines, results: this.#results };
  }

  #step(): void {
    const random = this.#random;
    if (random.chance(0.04) && !this.#pool.isExact) return this.#parallel();
    if (random.chance(0.12)) return this.#assert();
    this.#task = random.chance(0.8) ? "main" : random.pick(tasks);
    let line = this.#call();
    for (const row of line.before) this.#add(row);
    const before = this.#world;
    const at = this.#results.length;
    this.#add(this.#inTask(line.text));
    // Most calls should do something.
    for (let i = 0; i < 4 && this.#results[at]?.outcome === "errno" && random.chance(0.7); i++) {
      const other = this.#call(random.chance(0.5) ? line.operation : null);
      if (other.before.length > 0) continue;
      line = other;
      this.#takeBack(before, at);
      this.#add(this.#inTask(line.text));
    }
    if (this.#pool.isExact && this.#results[at]?.outcome === "unknown") return this.#takeBack(before, at);
    const expected = this.#pool.isExact
      ? exactly(this.#results[at])
      : random.chance(0.25)
        ? this.#expectation(this.#results[at])
        : "";
    if (expected !== "") {
      this.#takeBack(before, at);
      this.#add(this.#inTask(line.text + expected));
    }
    const { outcome } = this.#results[at] ?? {};
    if (line.result !== null) this.#variables.push(line.result);
    if (outcome === "ok" || outcome === "violation") this.#pool.add(line.name, this);
  }

  #assert(): void {
    const before = this.#world;
    const at = this.#results.length;
    const condition = this.#condition();
    this.#add(`assert ${condition}`);
    const { outcome, isMet } = this.#results[at] ?? {};
    if (!this.#pool.isExact || (outcome === "ok" && isMet === true)) return;
    this.#takeBack(before, at);
    if (outcome === "ok") this.#add(`assert not (${condition})`);
  }

  /** Undoes the last line. */
  #takeBack(world: World, results: number): void {
    this.#world = world;
    this.#results.splice(results);
    this.#lines.pop();
  }

  #inTask(text: string): string {
    return this.#task === "main" ? text : `task ${this.#task} { ${text} }`;
  }

  /** Two tasks at once; the results have no names. */
  #parallel(): void {
    const blocks = this.#random.chance(0.5) ? ["main", "vm"] : ["vm", "other"];
    const texts = blocks.map((task) => {
      this.#task = task;
      const calls: string[] = [];
      for (let i = 1 + this.#random.below(2); i > 0; i--) {
        const { before, text } = this.#call();
        calls.push(
          ...before,
          text.replace(/^\w+ = (?!\{)/, "") + this.#random.pick(["", "", " ok or fails"]),
        );
      }
      return `task ${task} { ${calls.join("; ")} }`;
    });
    this.#add(`parallel { ${texts.join(" ")} }`);
  }

  #add(text: string): void {
    const step = parseChunk("Step", text);
    if (step.kind === "error") throw new Error(`${step.message}: ${text}`);
    this.#world = advance({ program: this.#program }, this.#world, [step as Step], this.#main, this.#results);
    this.#lines.push(text);
  }

  #expectation(result: StepResult | undefined): string {
    const random = this.#random;
    if (result === undefined || result.outcome === "unknown") return random.pick(["", " fails", " ok"]);
    if (random.chance(0.25))
      return random.pick([
        " fails EBUSY",
        " fails",
        " ok",
        " ok or fails EINVAL",
        " violates secure_context",
      ]);
    return result.outcome === "ok" ? " ok" : exactly(result);
  }

  // -------------------------------------------------------------- calls

  /** `again`: the same operation with other arguments. */
  #call(again: Operation | null = null): Line {
    const random = this.#random;
    const paths = [...this.#proposal.kinds.values()].filter(({ path }) => path !== null);
    if (again === null && paths.length > 0 && random.chance(this.#variables.length < 4 ? 0.6 : 0.08)) {
      const kind = random.pick(paths);
      const name = `v${this.#next++}`;
      const flags = random.chance(0.1) ? ", O_RDWR" : "";
      const text = `${name} = open("${this.#path(kind)}"${flags})`;
      return { name: "open", operation: null, before: [], text, result: { name, kind: kind.name } };
    }
    // Of a few operations one whose handles exist and that has not succeeded as often as others.
    let operation = again ?? random.pick(this.#operations);
    for (let i = 0; again === null && i < 4; i++) {
      const other = random.pick(this.#operations);
      const isRarer =
        (this.#pool.succeeded.get(other.name.text) ?? 0) <
        (this.#pool.succeeded.get(operation.name.text) ?? 0);
      if (this.#isReady(other) && (isRarer || !this.#isReady(operation))) operation = other;
    }
    if (again === null && operation.name.text === "exit" && random.chance(0.7))
      operation = random.pick(this.#operations);
    this.#hints = hintsOf(this.#proposal, operation);
    const { before, text } = this.#spelled(operation);
    const kind = this.#resultKind(operation);
    const name = operation.name.text;
    if (kind === null) return { name, operation, before, text, result: null };
    const variable = `v${this.#next++}`;
    return { name, operation, before, text: `${variable} = ${text}`, result: { name: variable, kind } };
  }

  #path(kind: Kind): string {
    const { devices, groups, iommus } = this.#machine;
    return (kind.path ?? "").replace(
      /\{(\w+)(?:\.(\w+))?\}/g,
      (_, hole: string, field: string | undefined) => {
        const name = this.#random.pick(hole === "group" ? groups : hole === "device" ? devices : iommus);
        if (field === undefined) return name;
        for (const thing of this.#world.state.things.values())
          if (thing.kind === hole && thing.name === name) return String(thing.fields.get(field) ?? "x");
        return "x";
      },
    );
  }

  #resultKind({ result }: Operation): string | null {
    if (result === null || isOptional(this.#proposal, result)) return null;
    const names = namesOf(this.#proposal, result);
    const [name] = names;
    if (names.length !== 1 || name === undefined) return null;
    return name === "int" || this.#proposal.kinds.has(name) || this.#proposal.roles.has(name) ? name : null;
  }

  #isReady({ params }: Operation): boolean {
    return params.every(
      ({ type, value }) =>
        value !== null ||
        isOptional(this.#proposal, type) ||
        !this.#isHandle(type) ||
        this.#handles(type).some(({ name }) => this.#isUsable(name)),
    );
  }

  #spelled(operation: Operation): { readonly before: readonly string[]; readonly text: string } {
    const random = this.#random;
    const name = operation.name.text;
    const params = operation.params.filter(({ value }) => value === null || random.chance(0.5));
    const given = params.map((param) => ({ param, text: this.#argument(param) }));
    const isShort = params.every((param, index) => param === operation.params[index]);
    const rest = given.slice(1);
    if (
      !this.#pool.isExact &&
      rest.length > 0 &&
      random.chance(0.12) &&
      rest.every(({ param }) => this.#fitsStruct(param))
    ) {
      const struct = `at${this.#next++}`;
      const fields = rest.map(({ param, text }) => `.${param.name.text} = ${text}`);
      const first = given[0]?.param === operation.params[0] ? given[0]?.text : undefined;
      if (first !== undefined && !first.includes("(")) {
        const before = [`${struct} = { .argsz = 16, ${fields.join(", ")} }`];
        const isIoctl = operation.form === "ioctl" && random.chance(0.5);
        return {
          before,
          text: isIoctl ? `ioctl(${first}, ${name}, &${struct})` : `${name}(${first}, ${struct})`,
        };
      }
    }
    const byName = !isShort || random.chance(0.08);
    const args = given.map(({ param, text }, index) =>
      byName && index > 0 ? `${param.name.text}: ${text}` : text,
    );
    return { before: [], text: `${name}(${args.join(", ")})` };
  }

  /** In a struct nothing wants a string or an enum value, so no bare word is one. */
  #fitsStruct({ type }: Parameter): boolean {
    const names = namesOf(this.#proposal, type);
    return (
      this.#isHandle(type) || names.every((name) => name === "int" || name === "bool" || name === "device")
    );
  }

  // -------------------------------------------------------------- arguments

  #argument(param: Parameter): string {
    const { type } = param;
    const random = this.#random;
    if (isOptional(this.#proposal, type) && random.chance(0.35)) return "none";
    const set = type.alternatives.find((atom) => typeof atom !== "string" && atom.kind === "set-of");
    if (set !== undefined && set.kind === "set-of") {
      const count = random.below(3);
      return `{${Array.from({ length: count }, () => this.#plain(set.element)).join(", ")}}`;
    }
    return this.#plain(type);
  }

  #plain(type: TypeNode): string {
    const random = this.#random;
    const names = namesOf(this.#proposal, type);
    if (this.#isHandle(type)) {
      if (random.chance(0.02)) return String(random.below(9));
      const all = this.#handles(type);
      const live = all.filter(({ name }) => this.#isUsable(name));
      const one = random.maybe(live.length > 0 && random.chance(0.95) ? live : all);
      if (one !== null) return one.name;
      return isOptional(this.#proposal, type) ? "none" : String(random.below(9));
    }
    const { addresses, groups, iommus } = this.#machine;
    if (names.includes("device")) return random.chance(0.9) ? this.#device() : `"${random.pick(addresses)}"`;
    if (names.includes("group")) return random.pick(groups);
    if (names.includes("iommu")) return random.pick(iommus);
    if (names.includes("task")) return random.pick(tasks);
    if (names.includes("bool")) return String(random.chance(0.5));
    if (names.includes("int")) return this.#int();
    if (names.includes("range")) return `range(${this.#small()}, ${this.#small()})`;
    if (names.includes("string"))
      return random.pick(["vfio_pci", "e1000e", "pci_stub", "none_such", "vfio_mdev"]);
    const members = type.alternatives.flatMap((atom) => {
      const found = atom.kind === "name" ? this.#proposal.aliases.get(atom.text)?.alternatives : [atom];
      return (found ?? []).flatMap((inner) => (inner.kind === "enum" ? inner.members : []));
    });
    return random.pick(members).text;
  }

  #small(): string {
    return this.#random.pick(["0", "1", "4K", "8K", "1M", "0xfee00000", "4G"]);
  }

  #int(): string {
    const random = this.#random;
    const numbered = this.#variables.filter(
      ({ kind }) => kind === "int" || this.#proposal.kinds.get(kind)?.isNumbered === true,
    );
    const sure = numbered.filter(({ name }) => (this.#world.vars.get(name) ?? unknown) !== unknown);
    if (sure.length > 0 && random.chance(0.5)) return random.pick(sure).name;
    if (numbered.length > 0 && random.chance(0.02)) return random.pick(numbered).name;
    if (this.#hints.length > 0 && random.chance(0.6)) return random.pick(this.#hints);
    const constants = [...this.#proposal.consts.keys()];
    if (constants.length > 0 && random.chance(0.2)) return random.pick(constants);
    return random.pick(["0", "1", "2", "3", "4K", "8K", "1M", "2M", "0xfee00000", "5", "16T"]);
  }

  #isHandle(type: TypeNode): boolean {
    const { kinds, roles } = this.#proposal;
    return namesOf(this.#proposal, type).some((name) => {
      const kind = kinds.get(name);
      return name === "fd" || roles.has(name) || (kind !== undefined && kind.sort !== "hardware");
    });
  }

  #handles(type: TypeNode): Variable[] {
    const names = namesOf(this.#proposal, type);
    return this.#variables.filter(({ kind }) => names.some((name) => isA(this.#proposal, kind, name)));
  }

  /** A handle on something live, which the task may use. */
  #isUsable(name: string): boolean {
    const { state, vars } = this.#world;
    const value = vars.get(name) ?? unknown;
    if (value === unknown || !isRef(value)) return false;
    const thing = thingOf(state, value);
    const isFile = this.#proposal.kinds.get(thing.kind)?.sort === "fd";
    return thing.isLive && (!isFile || thing.holders.has(named(state, "task", this.#task)?.ref ?? -1));
  }

  /** Mostly one of a group that something live is about. */
  #device(): string {
    const { things } = this.#world.state;
    const groups = new Set<number>();
    for (const { isLive, kind, fields } of things.values()) {
      const group = fields.get("group") ?? null;
      if (isLive && kind !== "device" && isRef(group)) groups.add(group.ref);
    }
    const near = [...things.values()].filter(({ kind, fields }) => {
      const group = fields.get("group") ?? null;
      return kind === "device" && isRef(group) && groups.has(group.ref);
    });
    const name = this.#random.chance(0.7) ? this.#random.maybe(near)?.name : null;
    return name ?? this.#random.pick(this.#machine.devices);
  }

  // -------------------------------------------------------------- asserts

  #condition(): string {
    const random = this.#random;
    const device = random.pick(this.#machine.devices);
    const contexts = this.#variables.filter(({ kind }) => isA(this.#proposal, kind, "context"));
    const spaces = this.#variables.filter(({ kind }) => isA(this.#proposal, kind, "address_space"));
    const thing = random.maybe(this.#variables.filter(({ kind }) => kind !== "int"));
    const choices = [
      `dma(${device}) == ${random.pick(["host", "blocked", ...spaces.map(({ name }) => name)])}`,
      `owner(${device}) ${random.pick(["==", "!="])} ${random.pick(["none", ...contexts.map(({ name }) => name)])}`,
      `accessible(${device})`,
      `not accessible(${device}, ${random.pick(tasks)})`,
      `${device}.group == ${random.pick(this.#machine.groups)}`,
    ];
    if (thing !== null) choices.push(...this.#aboutThing(thing));
    return random.pick(choices);
  }

  #aboutThing({ name, kind }: Variable): string[] {
    const random = this.#random;
    const choices = [
      `referenced(${name})`,
      `count(x in ${kind}) ${random.pick(["==", "<", ">="])} ${random.below(3)}`,
    ];
    if (isA(this.#proposal, kind, "fd")) choices.push(`holds(${random.pick(tasks)}, ${name})`);
    const field = random.maybe([...(this.#proposal.kinds.get(kind)?.fields.values() ?? [])]);
    if (field !== null && field.type !== null) {
      const place = `${name}.${field.name}`;
      const names = namesOf(this.#proposal, field.type);
      if (isOptional(this.#proposal, field.type)) choices.push(`${place} == none`, `${place} != none`);
      else if (names.includes("int")) choices.push(`${place} < 2`, `${place} + 1 > 4K / 3`);
      else if (names.includes("bool")) choices.push(place, `not ${place}`);
      else if (this.#isHandle(field.type)) {
        const other = random.maybe(this.#handles(field.type));
        if (other !== null) choices.push(`${place} == ${other.name}`);
      }
    }
    return choices;
  }
}
