// Semantic tokens: full, of a range, and as the difference to what the client has.

import type { SemanticTokensEdit } from "vscode-languageserver";
import { semanticTokensOf, tokenModifiers, tokenTypes } from "../../features/semantic-tokens.ts";
import type { Context, Feature, Target } from "../context.ts";

export const semanticTokens: Feature = {
  capabilities: () => ({
    semanticTokensProvider: {
      legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
      full: { delta: true },
      range: true,
    },
  }),
  register(context) {
    const { connection } = context;
    /** What each document was sent last: a client has one result, and asks for the difference to that. */
    const sent = new Map<string, { readonly id: string; readonly data: readonly number[] }>();
    let count = 0;
    const remember = (uri: string, data: readonly number[]): string => {
      const id = String(++count);
      sent.set(uri, { id, data });
      return id;
    };
    connection.languages.semanticTokens.on(({ textDocument: { uri } }) => {
      const data = encoded(context, context.targets({ uri }));
      return { resultId: remember(uri, data), data };
    });
    connection.languages.semanticTokens.onDelta(({ textDocument: { uri }, previousResultId }) => {
      const before = sent.get(uri);
      const data = encoded(context, context.targets({ uri }));
      const resultId = remember(uri, data);
      if (before?.id !== previousResultId) return { resultId, data };
      return { resultId, edits: difference(before.data, data) };
    });
    connection.languages.semanticTokens.onRange(({ textDocument, range }) => {
      const start = context.offset(textDocument.uri, range.start);
      const end = context.offset(textDocument.uri, range.end);
      return { data: encoded(context, context.targets(textDocument), { start, end }) };
    });
  },
};

/** Five numbers a token: lines and columns counted from the one before, length, type, modifiers as bits. */
function encoded(
  context: Context,
  targets: readonly Target[],
  range?: { readonly start: number; readonly end: number },
): number[] {
  const data: number[] = [];
  let [line, column] = [0, 0];
  for (const { view } of targets) {
    for (const token of semanticTokensOf(view, range)) {
      const { start, end } = context.range(view.uri, token);
      const sameLine = start.line === line;
      data.push(
        start.line - line,
        sameLine ? start.character - column : start.character,
        end.character - start.character,
        tokenTypes.indexOf(token.type),
        token.modifiers.reduce((bits, modifier) => bits | (1 << tokenModifiers.indexOf(modifier)), 0),
      );
      line = start.line;
      column = start.character;
    }
  }
  return data;
}

/** One edit: what lies between the same beginning and the same end. */
export function difference(before: readonly number[], after: readonly number[]): SemanticTokensEdit[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  if (head === before.length && head === after.length) return [];
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const data = after.slice(head, after.length - tail);
  return [{ start: head, deleteCount: before.length - tail - head, data }];
}
