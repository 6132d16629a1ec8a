// Code actions: what is found quickly comes with its edits, what takes a longer search is computed when it is chosen
// (`codeAction/resolve`), where the client can ask for that. Edits are for the version that they were found in.

import {
  type CancellationToken,
  type ClientCapabilities,
  type CodeAction,
  type CodeActionParams,
  CodeActionTriggerKind,
  type Diagnostic,
  LSPErrorCodes,
  ResponseError,
} from "vscode-languageserver";
import {
  type Action,
  type ActionOptions,
  actionKinds,
  actionsAt,
  type Budget,
} from "../../features/code-actions.ts";
import { USUAL_TRIES } from "../../features/repair/repair.ts";
import { verifyActions } from "../../features/verify/actions.ts";
import type { Context, Feature, Target } from "../context.ts";

/** Fixing everything is many searches: so many times the budget of one. */
const SEARCHES = 10;

/** What a client sends back with the action that it wants to have resolved. */
interface Kept {
  readonly uri: string;
  readonly view: string;
  readonly version: number;
  readonly title: string;
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

export const codeActions: Feature = {
  capabilities: (client) => ({
    codeActionProvider:
      client.textDocument?.codeAction?.codeActionLiteralSupport === undefined
        ? true
        : { codeActionKinds: [...actionKinds], resolveProvider: canResolve(client) },
  }),
  register(context) {
    const { connection } = context;
    connection.onCodeAction((params, token) => listed(context, params, token));
    connection.onCodeActionResolve((action, token) => resolved(context, action, token));
  },
};

const canResolve = (client: ClientCapabilities): boolean =>
  client.textDocument?.codeAction?.resolveSupport?.properties.includes("edit") === true;

function listed(context: Context, params: CodeActionParams, token: CancellationToken): CodeAction[] {
  const { textDocument, range } = params;
  const only = params.context.only ?? null;
  const isInvoked = only !== null || params.context.triggerKind === CodeActionTriggerKind.Invoked;
  return context.targets(textDocument).flatMap((target) => {
    // Of a Markdown document only the block that the range is in.
    const spot = context.spot(textDocument, range.start);
    if (spot !== null && spot.view.uri !== target.view.uri) return [];
    if (spot === null && only === null) return [];
    const start = context.offset(target.view.uri, range.start);
    const end = context.offset(target.view.uri, range.end);
    const actions = allAt(context, target, { start, end }, { only, ...limits(context, token) });
    return actions.flatMap((action) => shown(context, target, action, { start, end, isInvoked, params }));
  });
}

/** What can be done about the text, then about the claims in it. */
function allAt(
  context: Context,
  { view }: Target,
  range: { readonly start: number; readonly end: number },
  options: ActionOptions,
): readonly Action[] {
  const { only } = options;
  const isWanted = ({ kind }: Action): boolean =>
    only === null || only.some((each) => each === "" || kind === each || kind.startsWith(`${each}.`));
  const claims = verifyActions(view, context.blocks(view), range, context.decided(view)).filter(isWanted);
  return [...actionsAt(view, range, options), ...claims];
}

function limits(
  context: Context,
  token: CancellationToken,
  times = 1,
): { budget: () => Budget; overBudget: string } {
  const { repairBudget } = context.settings();
  const begun = performance.now();
  return {
    budget() {
      const until = performance.now() + repairBudget;
      const last = begun + repairBudget * times;
      return {
        tries: USUAL_TRIES,
        isOver: () => token.isCancellationRequested || performance.now() > Math.min(until, last),
      };
    },
    overBudget: `no repair was found within the budget of ${repairBudget} ms`,
  };
}

interface Asked {
  readonly start: number;
  readonly end: number;
  readonly isInvoked: boolean;
  readonly params: CodeActionParams;
}

function shown(context: Context, target: Target, action: Action, asked: Asked): CodeAction[] {
  const { client } = context;
  const { title, kind, preferred, disabled, edits } = action;
  const support = client.textDocument?.codeAction;
  const base: CodeAction = {
    title,
    kind,
    ...(support?.isPreferredSupport === true && preferred ? { isPreferred: true } : {}),
    ...diagnosticsFor(context, target, action, asked.params.context.diagnostics),
  };
  if (disabled !== undefined)
    return support?.disabledSupport === true ? [{ ...base, disabled: { reason: disabled } }] : [];
  if (typeof edits !== "function")
    return [{ ...base, edit: context.workspaceEdit([{ uri: target.view.uri, edits }]) }];
  if (canResolve(client)) {
    const { start, end } = asked;
    const { uri, version, view } = target;
    const data: Kept = { uri, view: view.uri, version, title, kind, start, end };
    return [{ ...base, data }];
  }
  // A long search is for those who asked for it.
  if (!asked.isInvoked) return [];
  const found = edits();
  return found.length === 0
    ? []
    : [{ ...base, edit: context.workspaceEdit([{ uri: target.view.uri, edits: found }]) }];
}

/** The client's own diagnostics that the action answers: clients group by them. */
function diagnosticsFor(
  context: Context,
  { view }: Target,
  { answers }: Action,
  given: readonly Diagnostic[],
): { diagnostics?: Diagnostic[] } {
  const answered = given.filter(({ code, range }) =>
    answers.some((finding) => {
      const own = context.range(view.uri, finding);
      return (
        finding.code === code &&
        own.start.line === range.start.line &&
        own.start.character === range.start.character
      );
    }),
  );
  return answered.length === 0 ? {} : { diagnostics: answered };
}

function resolved(
  context: Context,
  action: CodeAction,
  token: CancellationToken,
): CodeAction | ResponseError<void> {
  const kept: unknown = action.data;
  if (action.edit !== undefined || !isKept(kept)) return action;
  const target = context.targets({ uri: kept.uri }).find(({ view }) => view.uri === kept.view);
  if (target === undefined || target.version !== kept.version)
    return new ResponseError(
      LSPErrorCodes.ContentModified,
      "the document has changed since this was offered",
    );
  const again = allAt(context, target, kept, {
    only: [kept.kind],
    ...limits(context, token, SEARCHES),
  }).find(({ title, kind }) => title === kept.title && kind === kept.kind);
  const edits = again === undefined ? [] : typeof again.edits === "function" ? again.edits() : again.edits;
  if (token.isCancellationRequested)
    return new ResponseError(LSPErrorCodes.RequestCancelled, "the request was cancelled");
  return { ...action, edit: context.workspaceEdit([{ uri: target.view.uri, edits }]) };
}

function isKept(data: unknown): data is Kept {
  if (typeof data !== "object" || data === null) return false;
  const has = (name: string, type: string): boolean => typeof Reflect.get(data, name) === type;
  return (
    ["uri", "view", "title", "kind"].every((name) => has(name, "string")) &&
    ["version", "start", "end"].every((name) => has(name, "number"))
  );
}
