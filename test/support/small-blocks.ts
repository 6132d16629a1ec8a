// Sequences in blocks of four rows of which three are open at a time, so that a short text crosses their borders and
// most of it is packed: what stands in for base/sequence.ts where that matters.

/** With all that `actual`, the module itself, has besides. */
export function smallBlocks(actual: object): object {
  const open: { readonly pack: () => void }[] = [];
  return {
    ...actual,
    usualBlock: 4,
    use(block: { readonly pack: () => void }) {
      if (open.includes(block)) return;
      open.push(block);
      if (open.length > 3) open.shift()?.pack();
    },
  };
}
