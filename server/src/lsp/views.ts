// Documents as they are now, analysed: each once until a text changes that it depends on.

import type { Session, View } from "../analysis/session.ts";
import type { Workspace } from "./workspace.ts";

export interface Views {
  /** Null for what cannot be read. */
  readonly view: (key: string) => View | null;
  /** To be called when a text changed; gives the keys of the other documents that depended on it. */
  readonly changed: (key: string) => readonly string[];
  readonly changedAll: () => void;
  /** A document is gone for good. */
  readonly forget: (key: string) => void;
  readonly count: () => number;
}

interface Kept {
  /** Undefined when it has to be made again. */
  view: View | null | undefined;
  /** What was looked at when it was made last, files that do not exist included. */
  looked: ReadonlySet<string>;
  /** What it was made with: nothing new was looked at when that is the same. */
  work: View["work"] | null;
}

export function createViews(session: Session, workspace: Workspace): Views {
  const views = new Map<string, Kept>();
  return {
    view(key) {
      const known = views.get(key);
      if (known?.view !== undefined) return known.view;
      const { result, looked } = workspace.watched(() => session.view(key));
      const work = result?.work ?? null;
      const isLookedAtAgain = known === undefined || work === null || known.work !== work;
      views.set(key, { view: result, looked: isLookedAtAgain ? looked : known.looked, work });
      return result;
    },
    changed(key) {
      const others: string[] = [];
      for (const [other, kept] of views) {
        if (other !== key && !kept.looked.has(key)) continue;
        kept.view = undefined;
        if (other !== key) others.push(other);
      }
      return others;
    },
    changedAll() {
      for (const kept of views.values()) kept.view = undefined;
    },
    forget: (key) => void views.delete(key),
    count: () => views.size,
  };
}
