// The part of a TLA+ module that is the same for every proposal: what it means that things live and die. It mirrors
// model/execute.ts, and is told by tables (`FieldsOf`, `Strong`, …) what there is.

/** Needs `FieldsOf`, `InitialOf`, `References`, `Strong`, `OwnersOf`, `Referring`, `things`, `files`. */
export const library = `
\\* ---------------------------------------------------------------- calls under way
\\* A call works on a record: \`is\` is the state so far; the rest is forgotten when the call has ended.

Begin(t) ==
  [is |-> state, caller |-> t, dropped |-> <<>>, dangling |-> {}, dying |-> {}, ended |-> 0,
   runaway |-> FALSE, beyond |-> FALSE, hazards |-> {}]

Done(c)    == [c |-> c, made |-> TRUE]
Failed(c)  == [c |-> c, made |-> TRUE]
Refused(c) == [c |-> c, made |-> FALSE]
\\* It would need more things than the bounds allow.
Beyond(c)  == [c |-> [c EXCEPT !.beyond = TRUE], made |-> FALSE]

Least(S) == IF S = {} THEN none ELSE CHOOSE x \\in S : \\A y \\in S : x <= y

RECURSIVE Sorted(_)
Sorted(S) == IF S = {} THEN <<>> ELSE <<Least(S)>> \\o Sorted(S \\ {Least(S)})

\\* The sum of the second parts of pairs.
RECURSIVE Total(_)
Total(S) == IF S = {} THEN 0 ELSE LET p == CHOOSE p \\in S : TRUE IN p[2] + Total(S \\ {p})

\\* Bit by bit, of numbers that are not negative.
RECURSIVE BitAnd(_, _)
BitAnd(p, q) ==
  IF p = 0 \\/ q = 0 THEN 0
  ELSE 2 * BitAnd(p \\div 2, q \\div 2) + (p - 2 * (p \\div 2)) * (q - 2 * (q \\div 2))
BitOr(p, q) == p + q - BitAnd(p, q)

\\* ---------------------------------------------------------------- things

Alive(c, x) == x \\in things /\\ (x \\notin kept \\/ x \\in c.is.alive)
Live(c, S)  == {x \\in S : x \\notin kept \\/ x \\in c.is.alive}
Holds(c, t, f) == f \\in files /\\ t \\in c.is.holders[f]
\\* Whether an argument can be passed: it lives and, being a file, is open in the calling task.
Good(c, x) == x \\in kept => (x \\in c.is.alive /\\ (x \\in files => c.caller \\in c.is.holders[x]))
\\* The lowest place of a kind where nothing lives; none if there is none left.
Place(c, S) == Least({x \\in S : x \\notin c.is.alive})

\\* A field that is not weak refers to it.
Referenced(c, x) == \\E f \\in Strong : \\E y \\in DOMAIN c.is[f] : c.is[f][y] = x

\\* What is dead is as none; what was referred to may be released.
Assign(c, f, x, given) ==
  IF ~Alive(c, x) THEN c
  ELSE LET
    value == IF f \\in References /\\ given \\in kept /\\ ~Alive(c, given) THEN none ELSE given
    old   == c.is[f][x]
    t     == [c EXCEPT !.dangling = {p \\in @ : p # <<f, x>>}]
  IN IF old = value THEN t
     ELSE [t EXCEPT !.is[f][x] = value,
                    !.dropped = IF f \\in Strong /\\ old \\in things THEN Append(@, old) ELSE @]

MadeBy(c, x) ==
  IF x \\in files
  THEN [c EXCEPT !.is.alive = @ \\cup {x}, !.is.holders[x] = {c.caller}]
  ELSE [c EXCEPT !.is.alive = @ \\cup {x}]

Give(c, f, t) == IF f \\in files /\\ t \\in tasks THEN [c EXCEPT !.is.holders[f] = @ \\cup {t}] ELSE c

\\* ---------------------------------------------------------------- the end of things

RECURSIVE Collect(_, _), Members(_, _, _), Reset(_, _, _), Bury(_, _), Forget(_, _, _), Kill(_, _), OnEnd(_, _), OnClose(_, _)

\\* A thing and what lives in it, outer first; each does what it does at its end as it is met. \`p.order\` is who dies.
Collect(p, x) ==
  IF x \\notin kept \\/ x \\in p.c.dying \\/ x \\notin p.c.is.alive THEN p
  ELSE IF Cardinality(p.c.dying) > 100 /\\ p.order = <<>> THEN [p EXCEPT !.c.runaway = TRUE]
  ELSE LET q == [p EXCEPT !.order = Append(@, x), !.c.dying = @ \\cup {x}]
       IN Members([q EXCEPT !.c = OnEnd(q.c, x)], x, OwnersOf(x))

\\* \`s\` are the things that could live in it, each with the field that says where it lives.
Members(p, x, s) ==
  IF s = <<>> THEN p
  ELSE LET f == Head(s)[1]
           y == Head(s)[2]
       IN Members(IF y \\in p.c.is.alive /\\ p.c.is[f][y] = x THEN Collect(p, y) ELSE p, x, Tail(s))

Reset(c, x, s) == IF s = <<>> THEN c ELSE Reset(Assign(c, Head(s), x, InitialOf(Head(s))), x, Tail(s))

RECURSIVE ResetAll(_, _), ForgetAll(_, _)
ResetAll(c, s) == IF s = <<>> THEN c ELSE ResetAll(Reset(c, Head(s), FieldsOf(Head(s))), Tail(s))

Bury(c, s) ==
  [c EXCEPT !.is.alive = {x \\in @ : \\A i \\in 1 .. Len(s) : s[i] # x},
            !.is.holders = [x \\in files |-> IF \\E i \\in 1 .. Len(s) : s[i] = x THEN {} ELSE @[x]],
            !.dying = {x \\in @ : \\A i \\in 1 .. Len(s) : s[i] # x}]

\\* Fields that still refer to it become none; those that are not weak are left dangling.
Forget(c, x, s) ==
  IF s = <<>> THEN c
  ELSE LET f == Head(s)[1]
           y == Head(s)[2]
           t == Assign(c, f, y, none)
       IN Forget(IF c.is[f][y] # x THEN c
                 ELSE IF f \\in Strong THEN [t EXCEPT !.dangling = @ \\cup {<<f, y>>}]
                 ELSE t, x, Tail(s))

ForgetAll(c, s) == IF s = <<>> THEN c ELSE ForgetAll(Forget(c, Head(s), Referring(Head(s))), Tail(s))

Kill(c, x) ==
  LET p == Collect([c |-> c, order |-> <<>>], x)
  IN ForgetAll(Bury(ResetAll(p.c, p.order), p.order), p.order)

Close(c, f) ==
  IF f \\notin files \\/ c.caller \\notin c.is.holders[f] THEN c
  ELSE LET t == [c EXCEPT !.is.holders[f] = @ \\ {c.caller}]
           r == OnClose(t, f)
       IN IF t.is.holders[f] # {} THEN t ELSE [r EXCEPT !.dropped = Append(@, f)]

\\* Files that nothing keeps any more are released, in the order in which they were let go.
RECURSIVE Reap(_)
Reap(c) ==
  IF c.dropped = <<>> THEN c
  ELSE IF c.ended > 10000 THEN [c EXCEPT !.runaway = TRUE, !.dropped = <<>>]
  ELSE LET x == Head(c.dropped)
           t == [c EXCEPT !.dropped = Tail(@), !.ended = @ + 1]
       IN IF x \\in files /\\ x \\in c.is.alive /\\ c.is.holders[x] = {} /\\ ~Referenced(c, x)
          THEN Reap(Kill(t, x))
          ELSE Reap(t)
`;
