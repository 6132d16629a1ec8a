// One line for each word of the language, as hover and completion show it. grammar/README.md is the whole story.

// biome-ignore format: a list
const lines = `
abstract: a proposal that is only a base: its scenarios do not run and its observables may be open
all: \`all x in SET where C: P\` is true if P holds for every x
and: true if both sides are
any: \`any x in SET where C: P\` is true if P holds for some x
as: names the struct field in which C callers find the result
assert: must be true here
at: the PCI address of a device; scenarios may use it for the name
behind: the IOMMU in front of a group; \`behind none\`: there is none
breaks: some sequence of calls breaks the rule
caller: the task that makes the call
close: drops the caller's handle on a file; the file dies with the last handle if nothing refers to it
const: a name for a number
count: \`count(x in SET where C)\` is how many there are
define: a pure value; without \`= …\` an observable that every proposal has to define
depth: how many calls a claim looks ahead
destroy: the object dies, with all that lives in it
device: a device of a group, or the kind of all devices
driver: who drives a device
effect: a name for effects that several calls share
else: what holds otherwise; behind \`require\`: the errno and the message
enum: one of these words
error: reported as an error
exclusive: while one is live for the same path, another open gives EBUSY
extends: a proposal has all members of its base
fact: constants of the hardware, given by the topology
fail: ends the call with this errno and keeps what it did
fails: the kernel is expected to refuse this call
false: the truth value
fd: a file type; also the role of all files
first: \`first(x in SET where C)\` is the first there is, or none
for: does something for every member of a set
give: a task gets a handle on the same open file
group: an IOMMU group: the smallest thing that can be handed out
hazard: what calls report although they succeed
host: the one machine; as a DMA target: the domain of the kernel's own DMA API
if: a condition
in: membership in a set; of an object: the thing that it lives in
info: reported as a fact
ioctl: a call of the proposal
iommu: an IOMMU, or the kind of all of them
is: a test of the kind, after which the name is of that kind; of an fd: the roles that it plays
kernel: the kernel version of the machine
let: a name for a value
limit: how many things of a kind a claim looks at
never: no sequence of calls makes it true
new: makes a file or an object
none: no value
not: true if what follows is false
NULL: no value, as C says it
numbered: each has an id, the lowest free number of its owner
object: an id or any other thing with a lifetime
of: \`set of T\`
off: looked at only when asked for
ok: the call is expected to succeed
on: what happens when a file is opened, closed or released; of a scenario: its topology
op: a call that is no ioctl
opens: the path that open(2) finds this file under
or: true if one side is; between outcomes: one of them
override: replaces the member of the base
parallel: every interleaving of these tasks is tried
proposal: a kernel uAPI: files, objects, calls, and what must hold
reach: some sequence of calls makes it true
remove: the proposal is without this member of its base
require: the call is refused with this errno if the condition is false, and changes nothing
return: what the call gives
role: a type that stands for all fds and objects that play it
rule: must hold after every call
safe: no sequence of calls breaks a rule
scenario: calls, step by step, on one machine
set: \`set of T\`
since: made by kernels from this version on
state: mutable state of the hardware
struct: a C type; means nothing here
sum: \`sum(x in SET where C: N)\`
task: a process, and the steps that it makes
tasks: how many tasks a claim looks at
then: the value if the condition is true
to: the task that gets the handle
topology: a machine: its IOMMUs, groups and devices
true: the truth value
type: a name for a type
until: made by kernels before this version
use: makes a proposal, or all that a file declares, known here
verify: claims about every sequence of calls
violates: the call is expected to break this rule
warning: reported as a warning
weak: does not keep alive what it refers to; becomes none when that dies
where: only those for which the condition holds
with: the proposal that a scenario runs on; of a task: its attributes
`;

/** Word -> its line. */
export const keywordDocs: ReadonlyMap<string, string> = new Map(
  lines
    .trim()
    .split("\n")
    .map((line): [string, string] => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
);

/** The functions of the language: name -> parameters, result and what it says. */
export const builtInDocs: ReadonlyMap<string, { readonly head: string; readonly doc: string }> = new Map([
  ["range", { head: "range(start: int, size: int) -> range", doc: "the addresses from start on" }],
  ["overlaps", { head: "overlaps(a: range, b: range) -> bool", doc: "some address is in both" }],
  ["contains", { head: "contains(a: range, b: range) -> bool", doc: "all of b is in a" }],
  ["referenced", { head: "referenced(x: thing) -> bool", doc: "a live field that is not weak refers to x" }],
  [
    "live",
    { head: "live(x: thing) -> bool", doc: "x has not died; the call then looks itself at what it is given" },
  ],
  ["holds", { head: "holds(task: task, file: fd) -> bool", doc: "the task has an open handle on the file" }],
]);

/** What an errno says by itself, in the kernel's words. */
const errnoLines = `
E2BIG argument list too long, or a struct with fields that are not known
EACCES permission denied
EADDRINUSE address already in use
EAGAIN try again
EBADF no such open file
EBADFD the file is in no state for this, or of the wrong kind
EBUSY device or resource busy: somebody else has it, or it is in use
EEXIST it exists already
EFAULT bad address
EINTR interrupted
EINVAL the arguments or the state do not fit the call
EIO input or output error
EMFILE too many open files
EMSGSIZE too long
ENODEV no such device
ENOENT no such file, object or id
ENOMEM out of memory, or over a limit
ENOSPC no space left
ENOSYS no such call
ENOTSUPP not supported
ENOTTY this file does not know such an ioctl
ENXIO no such device or address
EOPNOTSUPP not supported
EOVERFLOW the value is too large
EPERM not permitted: somebody else owns it, or a privilege is missing
EPROBE_DEFER the driver tries again later
ERANGE out of range
EROFS read-only
ESRCH no such process
ETIMEDOUT timed out
EXDEV across devices
`;

export const errnoMeanings: ReadonlyMap<string, string> = new Map(
  errnoLines
    .trim()
    .split("\n")
    .map((line): [string, string] => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]),
);
