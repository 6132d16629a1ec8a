// What a user may set (`uapi.*`). Parsed, not trusted: a bad value falls back, and is reported once.

import { codeOfRule } from "../diagnostics/rules.ts";

export type Level = "error" | "warning" | "info" | "hint" | "off";

export interface Settings {
  /** Code of a diagnostic -> level; what is not named keeps its own. */
  readonly severity: Readonly<Record<string, Level>>;
  readonly inlayHints: { readonly enabled: boolean };
  readonly codeLens: { readonly enabled: boolean };
  /** The most diagnostics that are sent for one file. */
  readonly maxDiagnostics: number;
  /** Milliseconds that one search for a repair may take. */
  readonly repairBudget: number;
  /** Whether verify blocks are decided, and what may be spent on one of them on one topology. */
  readonly verify: { readonly enabled: boolean; readonly seconds: number; readonly megabytes: number };
}

export const defaultSettings: Settings = {
  severity: {},
  inlayHints: { enabled: true },
  codeLens: { enabled: true },
  maxDiagnostics: 1000,
  repairBudget: 200,
  verify: { enabled: true, seconds: 60, megabytes: 512 },
};

export interface ParsedSettings {
  readonly settings: Settings;
  /** One line for each value that could not be used. */
  readonly problems: readonly string[];
}

const levels: readonly Level[] = ["error", "warning", "info", "hint", "off"];

/** `value` is what a client has under `uapi`, or an object that has that under `uapi`. Nothing is a problem but bad values. */
export function parseSettings(value: unknown): ParsedSettings {
  const problems: string[] = [];
  const all = section(value);
  const own = isObject(all.uapi) ? all.uapi : all;

  const flag = (name: "inlayHints" | "codeLens" | "verify"): { readonly enabled: boolean } => {
    const { enabled: usual } = defaultSettings[name];
    const fallback = { enabled: usual };
    const given = own[name];
    const enabled = isObject(given) ? given.enabled : (own[`${name}.enabled`] ?? given);
    if (enabled === undefined || enabled === null) return fallback;
    if (typeof enabled === "boolean") return { enabled };
    problems.push(
      `uapi.${name}.enabled is true or false, not ${shown(enabled)}; ${fallback.enabled} is used`,
    );
    return fallback;
  };

  const count = (
    name: string,
    { given, fallback }: { readonly given: unknown; readonly fallback: number },
    least: number,
    most: number,
  ): number => {
    if (given === undefined || given === null) return fallback;
    if (typeof given === "number" && Number.isInteger(given) && given >= least && given <= most) return given;
    problems.push(
      `uapi.${name} is a whole number from ${least} to ${most}, not ${shown(given)}; ${fallback} is used`,
    );
    return fallback;
  };

  const usual = (name: "maxDiagnostics" | "repairBudget"): { given: unknown; fallback: number } => ({
    given: own[name],
    fallback: defaultSettings[name],
  });
  const inVerify = (name: "seconds" | "megabytes"): { given: unknown; fallback: number } => ({
    given: (isObject(own.verify) ? own.verify[name] : undefined) ?? own[`verify.${name}`],
    fallback: defaultSettings.verify[name],
  });

  const severity = (): Record<string, Level> => {
    const given = own.severity;
    if (given === undefined || given === null) return {};
    if (!isObject(given)) {
      problems.push(`uapi.severity names a level for each code, it is not ${shown(given)}; it is ignored`);
      return {};
    }
    return Object.fromEntries(
      Object.entries(given).flatMap(([code, level]) => {
        const found = levels.find((candidate) => candidate === level);
        if (found !== undefined) return [[codeOf(code), found]];
        problems.push(
          `uapi.severity: ${code} is one of ${levels.join(", ")}, not ${shown(level)}; it keeps its own`,
        );
        return [];
      }),
    );
  };

  const settings = {
    severity: severity(),
    inlayHints: flag("inlayHints"),
    codeLens: flag("codeLens"),
    maxDiagnostics: count("maxDiagnostics", usual("maxDiagnostics"), 1, 100_000),
    repairBudget: count("repairBudget", usual("repairBudget"), 10, 60_000),
    verify: {
      ...flag("verify"),
      seconds: count("verify.seconds", inVerify("seconds"), 1, 3600),
      megabytes: count("verify.megabytes", inVerify("megabytes"), 16, 16_384),
    },
  };
  return { settings, problems };
}

/** A rule may be given by its name: `core.secure_context`, `secure_context`, `secure-context`. */
const codeOf = (name: string): string => codeOfRule(name.split(".").at(-1) ?? name);

const section = (value: unknown): Readonly<Record<string, unknown>> => (isObject(value) ? value : {});

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
