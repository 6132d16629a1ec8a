// A small reader and evaluator of TLA+, for what `uapi export tla` writes: it knows the precedence of operators and refuses
// what TLC's parser refuses of it (mixed `/\` and `\/`, names that are bound twice), and visits all states of a module.

import {
  applied,
  asBoolean,
  asFunction,
  asNumber,
  asSet,
  binary,
  builtIn,
  type Code,
  type Env,
  elements,
  fail,
  functionOf,
  setOf,
  type TlaValue,
  textOf,
  tupleOf,
} from "./tla-values.ts";

interface Node {
  readonly code: Code;
  /** The states that this makes of the present one, for an action; null for what is none. */
  readonly steps: ((env: Env) => TlaValue[]) | null;
}

type Operator = (args: readonly (() => TlaValue)[]) => {
  readonly code: () => TlaValue;
  readonly steps: () => TlaValue[];
};

interface Global {
  readonly params: number;
  operator: Operator | null;
}

interface Bound {
  readonly name: string;
  /** Parameters of an operator; -1 for a value. */
  readonly params: number;
}

export interface TlaModule {
  /** Operators and values without parameters. */
  readonly value: (name: string, state: TlaValue) => TlaValue;
  readonly init: () => TlaValue;
  /** One for each way to make a step, also where two lead to the same state. */
  readonly next: (state: TlaValue) => TlaValue[];
}

// ---------------------------------------------------------------- words

interface Word {
  readonly text: string;
  readonly sort: "name" | "number" | "string" | "sign" | "end";
  readonly line: number;
  readonly column: number;
  readonly isFirst: boolean;
}

const pattern =
  /\(\*[\s\S]*?\*\)|\\\*.*|"[^"]*"|-{4,}|={4,}|[A-Za-z0-9_]*[A-Za-z][A-Za-z0-9_]*|\d+|\\[a-zA-Z]+|<<|>>|\|->|->|=>|==|<=|>=|\/\\|\\\/|\.\.|\[\]|[[\]{}(),:.=#<>+\-*~'@!_\\]|\s+|./gu;

function wordsOf(source: string): Word[] {
  const words: Word[] = [];
  let [line, start, last] = [1, 0, 0];
  for (const match of source.matchAll(pattern)) {
    const [text] = match;
    const isComment = text.startsWith("(*") || text.startsWith("\\*");
    if (!isComment && text.trim() !== "") {
      const sort = text.startsWith('"')
        ? "string"
        : /^\d+$/.test(text)
          ? "number"
          : /^\w/.test(text) && text !== "_"
            ? "name"
            : "sign";
      words.push({ text, sort, line, column: match.index - start, isFirst: line !== last });
      last = line;
    }
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) {
      line++;
      start = match.index + at + 1;
    }
  }
  words.push({ text: "", sort: "end", line, column: 0, isFirst: true });
  return words;
}

// ---------------------------------------------------------------- expressions

/** How tightly an operator binds. Those of one level do not mix unless they are listed as `associative`. */
const levels: Readonly<Record<string, number>> = {
  "=>": 1,
  "/\\": 3,
  "\\/": 3,
  "=": 5,
  "#": 5,
  "<": 5,
  "<=": 5,
  ">": 5,
  ">=": 5,
  "\\in": 5,
  "\\notin": 5,
  "\\cup": 8,
  "\\": 8,
  "..": 9,
  "+": 10,
  "-": 11,
  "*": 13,
  "\\div": 13,
  "\\o": 13,
};
const associative = new Set(["/\\", "\\/", "\\cup", "+", "-", "*", "\\o"]);

const keywords = new Set(
  "CASE CHOOSE DOMAIN ELSE EXCEPT EXTENDS IF IN LET MODULE OTHER RECURSIVE THEN VARIABLE TRUE FALSE".split(
    " ",
  ),
);

export function readTla(source: string): TlaModule {
  const words = wordsOf(source);
  let at = 0;
  const globals = new Map<string, Global>();
  let variable = "";
  let state: TlaValue = 0;
  /** Columns of the bulleted lists around. */
  const bullets: { readonly sign: string; readonly column: number }[] = [];

  const peek = (ahead = 0): Word => words[Math.min(at + ahead, words.length - 1)] ?? fail("no words");
  const wrong = (message: string): never => fail(`line ${peek().line}: ${message}, at \`${peek().text}\``);
  const take = (text?: string): Word => {
    const word = peek();
    if (text !== undefined && word.text !== text) wrong(`\`${text}\` is missing`);
    at++;
    return word;
  };
  const accept = (text: string): boolean => {
    if (peek().text !== text || peek().sort === "string") return false;
    at++;
    return true;
  };
  const plain = (code: Code): Node => ({ code, steps: null });

  readModule();
  const call = (name: string): ReturnType<Operator> =>
    (globals.get(name)?.operator ?? fail(`${name} is not defined`))([]);
  return {
    value(name, given) {
      state = given;
      return call(name).code();
    },
    init: () => call("Init").steps()[0] ?? fail("Init has no state"),
    next(given) {
      state = given;
      return call("Next").steps();
    },
  };

  function readModule(): void {
    if (!take().text.startsWith("----")) wrong("a module starts with dashes");
    take("MODULE");
    take();
    if (!take().text.startsWith("----")) wrong("more dashes are missing");
    take("EXTENDS");
    do take();
    while (accept(","));
    while (!peek().text.startsWith("====")) {
      if (accept("VARIABLE")) variable = take().text;
      else if (accept("RECURSIVE"))
        readRecursive((name, params) => globals.set(name, { params, operator: null }));
      else {
        const defined = readDefinition([], (name, params) => {
          const known = globals.get(name);
          if (known !== undefined && (known.operator !== null || known.params !== params))
            wrong(`${name} is defined twice, or was declared differently`);
        });
        const entry = globals.get(defined.name) ?? { params: defined.params, operator: null };
        entry.operator = defined.operator(null);
        globals.set(defined.name, entry);
      }
    }
    for (const [name, { operator }] of globals)
      if (operator === null) fail(`${name} is declared, not defined`);
  }

  function readRecursive(declare: (name: string, params: number) => void): void {
    do {
      const name = take().text;
      take("(");
      let params = 0;
      do {
        take("_");
        params++;
      } while (accept(","));
      take(")");
      declare(name, params);
    } while (accept(","));
  }

  /** `name(a, b) == expression`. Its operator keeps what was computed for an environment. */
  function readDefinition(
    scope: readonly Bound[],
    declare: (name: string, params: number) => void,
  ): { readonly name: string; readonly params: number; readonly operator: (env: Env) => Operator } {
    const word = take();
    if (word.sort !== "name" || keywords.has(word.text)) wrong("a name is missing");
    const params: Bound[] = [];
    if (accept("(")) {
      do params.push({ name: fresh(take().text, [...scope, ...params]), params: -1 });
      while (accept(","));
      take(")");
    }
    declare(word.text, params.length);
    take("==");
    const body = readExpression([...scope, ...params], 0);
    const operator =
      (env: Env): Operator =>
      (args) => {
        let inner = env;
        for (const arg of args) inner = { value: lazily(arg), next: inner };
        const { steps } = body;
        return {
          code: () => body.code(inner),
          steps: () => (steps === null ? fail(`${word.text} is no action`) : steps(inner)),
        };
      };
    return { name: word.text, params: params.length, operator };
  }

  /** A name must mean nothing yet. */
  function fresh(name: string, scope: readonly Bound[]): string {
    if (keywords.has(name) || !/^\w+$/.test(name)) wrong(`\`${name}\` is no name`);
    if (
      globals.has(name) ||
      name === variable ||
      Object.hasOwn(builtIn, name) ||
      scope.some((each) => each.name === name)
    )
      wrong(`\`${name}\` has a meaning already`);
    return name;
  }

  function lazily(code: () => TlaValue): () => TlaValue {
    let known: TlaValue | undefined;
    return () => (known ??= code());
  }

  function isBullet(word: Word): boolean {
    return word.isFirst && bullets.some(({ sign, column }) => sign === word.text && column === word.column);
  }

  function readExpression(scope: readonly Bound[], least: number): Node {
    const first = peek();
    let left: Node;
    let leftLevel = 100;
    let leftSign = "";
    if (first.text === "/\\" || first.text === "\\/") return readList(scope, first);
    if (accept("~")) {
      const inner = readExpression(scope, 4);
      left = plain((env) => !asBoolean(inner.code(env)));
      leftLevel = 4;
    } else if (accept("DOMAIN")) {
      const inner = readExpression(scope, 10);
      left = plain((env) => setOf([...asFunction(inner.code(env)).pairs.values()].map(([key]) => key)));
      leftLevel = 9;
    } else left = readPostfix(scope);
    for (;;) {
      const word = peek();
      const level = word.sort === "sign" ? levels[word.text] : undefined;
      if (level === undefined || level < least || isBullet(word)) return left;
      if (leftLevel === level && (leftSign !== word.text || !associative.has(word.text)))
        wrong(`\`${leftSign}\` and \`${word.text}\` want parentheses`);
      if (leftLevel < level) wrong("parentheses are missing");
      take();
      const right = readExpression(scope, level + 1);
      left = joined(word.text, left, right);
      leftLevel = level;
      leftSign = word.text;
    }
  }

  function joined(sign: string, left: Node, right: Node): Node {
    const code = (binary[sign] ?? fail(sign))(left.code, right.code);
    if (sign === "=" && left.steps !== null) return { code, steps: (env) => [right.code(env)] };
    const { steps } = right;
    if (sign === "/\\" && steps !== null)
      return { code, steps: (env) => (asBoolean(left.code(env)) ? steps(env) : []) };
    return plain(code);
  }

  function readList(scope: readonly Bound[], { text: sign, column }: Word): Node {
    const items: Node[] = [];
    bullets.push({ sign, column });
    while (peek().text === sign && peek().column === column && peek().isFirst) {
      take();
      items.push(readExpression(scope, 0));
    }
    bullets.pop();
    const code: Code = (env) =>
      sign === "/\\"
        ? items.every((item) => asBoolean(item.code(env)))
        : items.some((item) => asBoolean(item.code(env)));
    const isAction = sign === "\\/" && items.every(({ steps }) => steps !== null);
    return { code, steps: isAction ? (env) => items.flatMap(({ steps }) => steps?.(env) ?? []) : null };
  }

  function readPostfix(scope: readonly Bound[]): Node {
    let node = readPrimary(scope);
    for (;;) {
      const { code } = node;
      if (peek().text === "." && peek(1).sort === "name") {
        take();
        const field = take().text;
        node = plain((env) => applied(code(env), field));
      } else if (peek().text === "[" && !peek().isFirst) {
        take();
        const index = readExpression(scope, 0);
        take("]");
        node = plain((env) => applied(code(env), index.code(env)));
      } else return node;
    }
  }

  function readPrimary(scope: readonly Bound[]): Node {
    const word = take();
    const { text } = word;
    if (word.sort === "number") return plain(() => Number(text));
    if (word.sort === "string") return plain(() => text.slice(1, -1));
    switch (text) {
      case "TRUE":
        return plain(() => true);
      case "FALSE":
        return plain(() => false);
      case "-": {
        const inner = readExpression(scope, 12);
        return plain((env) => -asNumber(inner.code(env)));
      }
      case "(": {
        const inner = readInside(scope);
        take(")");
        return inner;
      }
      case "<<":
        return readTuple(scope);
      case "{":
        return readSet(scope);
      case "[":
        return readBracket(scope);
      case "IF":
        return readIf(scope);
      case "CASE":
        return readCase(scope);
      case "LET":
        return readLet(scope);
      case "CHOOSE": {
        const { over, inner } = readBound(scope);
        take(":");
        const body = readExpression(inner, 0);
        return plain((env) => {
          for (const value of asSet(over.code(env)).values())
            if (asBoolean(body.code({ value: () => value, next: env }))) return value;
          return fail("nothing to choose");
        });
      }
      case "\\A":
      case "\\E":
        return readQuantifier(scope, text);
      case "[]": {
        // `[][Next]_state`: temporal, and no value.
        take("[");
        readInside(scope);
        take("]");
        take();
        return plain(() => fail("a temporal formula has no value here"));
      }
      default:
        return readName(scope, word);
    }
  }

  /** Between brackets the lists around do not count. */
  function readInside(scope: readonly Bound[]): Node {
    const outer = bullets.splice(0);
    const node = readExpression(scope, 0);
    bullets.push(...outer);
    return node;
  }

  function readName(scope: readonly Bound[], { text, sort }: Word): Node {
    if ((sort !== "name" && text !== "@") || keywords.has(text)) wrong(`\`${text}\` starts no expression`);
    const args: Node[] = [];
    const local = scope.findLastIndex(({ name }) => name === text);
    if (peek().text === "(") {
      take();
      do args.push(readInside(scope));
      while (accept(","));
      take(")");
    }
    const wantArgs = (params: number): void => {
      if (params !== args.length) wrong(`${text} takes ${params} arguments, not ${args.length}`);
    };
    if (local !== -1) {
      const params = scope[local]?.params ?? -1;
      const depth = scope.length - 1 - local;
      const find = (env: Env): unknown => {
        let each = env;
        for (let i = 0; i < depth; i++) each = each?.next ?? null;
        return each?.value;
      };
      if (params === -1) {
        wantArgs(0);
        return plain((env) => (find(env) as () => TlaValue)());
      }
      wantArgs(params);
      return called((env) => find(env) as Operator, args);
    }
    if (text === variable) {
      if (accept("'")) return { code: () => fail("a primed variable is no value"), steps: () => [] };
      // In `Init` the variable is given its first value.
      return { code: () => state, steps: () => [] };
    }
    const own = builtIn[text];
    if (own !== undefined) return plain((env) => own(args.map(({ code }) => code(env))));
    const known = globals.get(text) ?? wrong(`\`${text}\` is not defined`);
    wantArgs(known.params);
    return called(() => known.operator ?? fail(`${text} has no definition`), args);
  }

  function called(operator: (env: Env) => Operator, args: readonly Node[]): Node {
    const thunks = (env: Env): (() => TlaValue)[] =>
      args.map(
        ({ code }) =>
          () =>
            code(env),
      );
    return {
      code: (env) => operator(env)(thunks(env)).code(),
      steps: (env) => operator(env)(thunks(env)).steps(),
    };
  }

  function readTuple(scope: readonly Bound[]): Node {
    const items: Node[] = [];
    if (!accept(">>")) {
      do items.push(readInside(scope));
      while (accept(","));
      take(">>");
    }
    return plain((env) => tupleOf(items.map(({ code }) => code(env))));
  }

  /** `x \in S` */
  function readBound(scope: readonly Bound[]): {
    readonly over: Node;
    readonly inner: readonly Bound[];
  } {
    const bound = fresh(take().text, scope);
    take("\\in");
    const over = readExpression(scope, 6);
    return { over, inner: [...scope, { name: bound, params: -1 }] };
  }

  /** `x \in S, <<y, z>> \in T`: calls back with every choice. */
  function readBounds(scope: readonly Bound[]): {
    readonly inner: readonly Bound[];
    readonly each: (env: Env, visit: (env: Env) => boolean) => boolean;
  } {
    let inner = scope;
    const parts: {
      readonly names: number;
      readonly isTuple: boolean;
      readonly over: Code;
      readonly depth: number;
    }[] = [];
    do {
      const names: string[] = [];
      const isTuple = accept("<<");
      do names.push(fresh(take().text, [...inner, ...names.map((name) => ({ name, params: -1 }))]));
      while (isTuple && accept(","));
      if (isTuple) take(">>");
      take("\\in");
      const over = readExpression(scope, 6);
      parts.push({ names: names.length, isTuple, over: over.code, depth: inner.length - scope.length });
      inner = [...inner, ...names.map((name) => ({ name, params: -1 }))];
    } while (accept(","));
    const from = (outer: Env, env: Env, part: number, visit: (env: Env) => boolean): boolean => {
      const own = parts[part];
      if (own === undefined) return visit(env);
      for (const value of asSet(own.over(outer)).values()) {
        const values = own.isTuple ? elements(value) : [value];
        let next = env;
        for (const each of values) next = { value: () => each, next };
        if (from(outer, next, part + 1, visit)) return true;
      }
      return false;
    };
    return { inner, each: (env, visit) => from(env, env, 0, visit) };
  }

  function readQuantifier(scope: readonly Bound[], sign: string): Node {
    const { inner, each } = readBounds(scope);
    take(":");
    const body = readExpression(inner, 0);
    const stopAt = sign === "\\E";
    const code: Code = (env) => each(env, (next) => asBoolean(body.code(next)) === stopAt) === stopAt;
    const { steps } = body;
    if (sign === "\\A" || steps === null) return plain(code);
    return {
      code,
      steps(env) {
        const found: TlaValue[] = [];
        each(env, (next) => {
          found.push(...steps(next));
          return false;
        });
        return found;
      },
    };
  }

  function readSet(scope: readonly Bound[]): Node {
    if (accept("}")) return plain(() => setOf([]));
    // `{x \in S : P}`
    if (peek().sort === "name" && peek(1).text === "\\in") {
      const saved = at;
      const { over, inner } = readBound(scope);
      if (accept(":")) {
        const body = readInside(inner);
        take("}");
        return plain((env) =>
          setOf(
            [...asSet(over.code(env)).values()].filter((value) =>
              asBoolean(body.code({ value: () => value, next: env })),
            ),
          ),
        );
      }
      at = saved;
    }
    const start = at;
    const mapped = readMapped(scope);
    if (mapped !== null) return mapped;
    at = start;
    const items: Node[] = [];
    do items.push(readInside(scope));
    while (accept(","));
    take("}");
    return plain((env) => setOf(items.map(({ code }) => code(env))));
  }

  /** `{e : x \in S}`, whose names are bound behind where they are used. */
  function readMapped(scope: readonly Bound[]): Node | null {
    let depth = 0;
    let colon = -1;
    for (let i = at; depth >= 0 && i < words.length; i++) {
      const { text, sort } = words[i] ?? fail("no end");
      if (sort === "string") continue;
      if ("([{<<".includes(text) && text !== "<" && text !== "") depth++;
      if (text === ")" || text === "]" || text === "}" || text === ">>") depth--;
      if (depth === 0 && (text === "\\A" || text === "\\E" || text === "CHOOSE")) return null;
      if (depth === 0 && text === ":") colon = i;
      if (colon !== -1) break;
    }
    if (colon === -1) return null;
    const start = at;
    at = colon + 1;
    const { inner, each } = readBounds(scope);
    const end = at;
    at = start;
    const body = readInside(inner);
    if (at !== colon) wrong("`:` is missing");
    at = end;
    take("}");
    return plain((env) => {
      const values: TlaValue[] = [];
      each(env, (next) => {
        values.push(body.code(next));
        return false;
      });
      return setOf(values);
    });
  }

  function readBracket(scope: readonly Bound[]): Node {
    // `[field |-> e, …]`
    if (peek().sort === "name" && peek(1).text === "|->") {
      const fields: { readonly name: string; readonly node: Node }[] = [];
      do {
        const name = take().text;
        take("|->");
        fields.push({ name, node: readInside(scope) });
      } while (accept(","));
      take("]");
      return plain((env) => functionOf(fields.map(({ name, node }) => [name, node.code(env)])));
    }
    // `[x \in S |-> e]`
    if (peek().sort === "name" && peek(1).text === "\\in") {
      const { over, inner } = readBound(scope);
      take("|->");
      const body = readInside(inner);
      take("]");
      return plain((env) =>
        functionOf(
          [...asSet(over.code(env)).values()].map((key) => [key, body.code({ value: () => key, next: env })]),
        ),
      );
    }
    const of = readInside(scope);
    take("EXCEPT");
    const updates: { readonly path: readonly Code[]; readonly node: Node }[] = [];
    do {
      take("!");
      const path: Code[] = [];
      for (;;) {
        if (accept(".")) {
          const field = take().text;
          path.push(() => field);
        } else if (accept("[")) {
          path.push(readInside(scope).code);
          take("]");
        } else break;
      }
      take("=");
      updates.push({ path, node: readInside([...scope, { name: "@", params: -1 }]) });
    } while (accept(","));
    take("]");
    return plain((env) =>
      updates.reduce((value, { path, node }) => {
        const keys = path.map((code) => code(env));
        return updated(value, keys, (old) => node.code({ value: () => old, next: env }));
      }, of.code(env)),
    );
  }

  function updated(
    value: TlaValue,
    [key, ...keys]: readonly TlaValue[],
    make: (old: TlaValue) => TlaValue,
  ): TlaValue {
    if (key === undefined) return make(value);
    const pairs = new Map(asFunction(value).pairs);
    pairs.set(textOf(key), [key, updated(applied(value, key), keys, make)]);
    return { pairs };
  }

  function readIf(scope: readonly Bound[]): Node {
    const condition = readExpression(scope, 0);
    take("THEN");
    const then = readExpression(scope, 0);
    take("ELSE");
    const otherwise = readExpression(scope, 0);
    return plain((env) => (asBoolean(condition.code(env)) ? then : otherwise).code(env));
  }

  function readCase(scope: readonly Bound[]): Node {
    const arms: { readonly when: Node | null; readonly then: Node }[] = [];
    do {
      const when = accept("OTHER") ? null : readExpression(scope, 0);
      take("->");
      arms.push({ when, then: readExpression(scope, 0) });
    } while (accept("[]"));
    return plain((env) => {
      const arm = arms.find(({ when }) => when === null || asBoolean(when.code(env)));
      return arm === undefined ? fail("no case fits") : arm.then.code(env);
    });
  }

  function readLet(scope: readonly Bound[]): Node {
    let inner: readonly Bound[] = scope;
    const recursive = new Map<string, number>();
    const made: ((env: Env) => { readonly value: unknown })[] = [];
    do {
      if (accept("RECURSIVE")) {
        readRecursive((name, params) => recursive.set(fresh(name, inner), params));
        continue;
      }
      const name = peek().text;
      const params = recursive.get(name);
      if (params === undefined) fresh(name, inner);
      // A recursive one sees itself.
      const seen: readonly Bound[] = params === undefined ? inner : [...inner, { name, params }];
      const defined = readDefinition(seen, () => undefined);
      if (params !== undefined && params !== defined.params) wrong(`${name} was declared differently`);
      made.push((env) => {
        if (params !== undefined) {
          const self: { value: unknown; next: Env } = { value: null, next: env };
          self.value = defined.operator(self);
          return self;
        }
        if (defined.params > 0) return { value: defined.operator(env) };
        return { value: lazily(() => defined.operator(env)([]).code()) };
      });
      inner = [...inner, { name, params: defined.params > 0 ? defined.params : -1 }];
    } while (peek().text !== "IN");
    take("IN");
    const body = readExpression(inner, 0);
    const bind = (env: Env): Env => {
      let next = env;
      for (const make of made) next = { value: make(next).value, next };
      return next;
    };
    const { steps } = body;
    return {
      code: (env) => body.code(bind(env)),
      steps: steps === null ? null : (env) => steps(bind(env)),
    };
  }
}
