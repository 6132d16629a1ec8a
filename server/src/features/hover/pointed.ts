// What the pointer is on, read off the text.

import type { Token } from "../tokens.ts";

/** A word or string under the pointer. */
export interface Pointed {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly kind: "word" | "string";
  /** The statement in front of it, and the character behind it. */
  readonly before: readonly Token[];
  readonly next: string;
}
