// Documents as they are now, analysed: each once until a text changes that it depends on.

import type { Session, View } from "../analysis/session.ts";
import type { Workspace } from "./workspace.ts";

export interface Views {
  /** Null for what cannot be read. */
  readonly view: (key: string) => View | null;
  /** To be called when a text changed; gives the keys of the other documents that depended on it. */
  readonly changed: (key: string) => readonly string[];
  readonly changedAll: () => void;
}

export function createViews(session: Session, workspace: Workspace): Views {
  const views = new Map<string, View | null>();
  /** Document -> what it looked at when it was analysed last. */
  const lookedAt = new Map<string, ReadonlySet<string>>();
  return {
    view(key) {
      const known = views.get(key);
      if (known !== undefined) return known;
      const { result, looked } = workspace.watched(() => session.view(key));
      views.set(key, result);
      lookedAt.set(key, looked);
      return result;
    },
    changed(key) {
      views.delete(key);
      const others: string[] = [];
      for (const [other, looked] of lookedAt) {
        if (other === key || !looked.has(key)) continue;
        views.delete(other);
        others.push(other);
      }
      return others;
    },
    changedAll: () => views.clear(),
  };
}
