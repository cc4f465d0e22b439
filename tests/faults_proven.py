"""Knows the faults and attacks that the bot must survive, and which of them no test proves it to."""

from collections.abc import Iterable, Iterator, Sequence

from parity import FORGES, Collected

FAULTS = {
    1: "a webhook comes without a proof",
    2: "its proof is wrong, cut, in capitals, or no ASCII",
    3: "only the weaker proof that comes with it is right, or it names its own way of proving",
    4: "the secret in the settings is missing, empty or blank",
    5: "one secret is replaced by another",
    6: "GitLab's signature is wrong and its plain token is right",
    7: "GitLab's signature is right and too old, or of a time to come",
    8: "the body is huge, whatever it says of its length",
    9: "the body is no JSON object, nested without end, or says one thing twice",
    10: "it is genuine, and an event, a shape or a repository that the bot knows nothing of",
    11: "it speaks of a repository that is not the one of its secret",
    12: "what was proved to one forge comes by the other's way in",
    13: "the inbox is gone, locked, or out of room",
    14: "the bot is killed right after it acknowledged an event",
    15: "two replicas are told the same at the same moment",
    16: "two webhooks tell of the same event, each by a name of its own",
    17: "an old event comes again under a new name",
    18: "the forge cannot be reached while it tells of an event",
    19: "ten thousand events wait, most of them of one repository",
    20: "one event fails whenever it is looked at",
    21: "nobody tells of a merge",
    22: "nobody tells of a push, and it is merged",
    23: "events come in another order than they happened in",
    24: "the forge could not deliver an event, and does not try again",
    25: "GitLab stops to tell a webhook",
    26: "what an event speaks of is not there yet, or never will be",
    27: "a write is answered with a 502, done or not",
    28: "the connection drops after the forge did what it was asked",
    29: "the bot is killed between an effect and its record",
    30: "the bot is killed between an intent and its effect",
    31: "the forge limits how often it may be asked",
    32: "the token has expired or was revoked",
    33: "the forge will never take what it is asked",
    34: "the forge answers not one byte",
    35: "a list does not hold yet what was just written",
    36: "an approval or a file is on the fourth page, and nobody says how many there are",
    37: "the clock of the bot is ten minutes off",
    38: "the repository is renamed, moved, archived, deleted or hidden",
    39: "the fork or the account that something came from is gone",
    40: "who wrote it approves it, also with another token",
    41: "an author, committer, co-author or pusher of any commit approves; an address that is no account's",
    42: "it is pushed to, rewritten or updated after the approval",
    43: "it is rewritten, and the approved commit comes back",
    44: "it is approved for one base and aimed at another",
    45: "it brings the rules or the owners along that would let it pass",
    46: "CODEOWNERS is missing, empty, huge, broken, or there twice",
    47: "CODEOWNERS of the base changes between the approval and the merge",
    48: "a tag or a branch is called like the base",
    49: "an owner who may not write, is nobody, is invited only, is an empty team, or an address",
    50: "the login of an owner belongs to another account now",
    51: "a rule that names nobody whom the forge knows, and that GitLab approves by itself",
    52: "GitLab asks for no approval, and calls it approved",
    53: "sections, their counts, exclusions, defaults and roles of GitLab's CODEOWNERS",
    54: "a line of CODEOWNERS without owners takes a model away from its own",
    55: "who approved asks for changes, or the approval is dismissed",
    56: "a bot, an application, a token or the registrar itself approves",
    57: "a comment, an edited one, a reaction or a review without a vote says approved",
    58: "an owner stops being one after the approval",
    59: "a file is renamed, linked, a submodule, or a twin of another by case or by Unicode",
    60: "there are more files or commits than a forge lists",
    61: "an administrator merges or pushes past the rules",
    62: "it is merged along with another, or counts as merged without an approval",
    63: "what lands is not what was approved, however it lands",
    64: "it changes one model that was approved, and another that was not",
    65: "the approved change is reverted",
    66: "it comes from a fork that brings rules and configuration of its own",
    67: "somebody else speaks in the bot's name",
    68: "it is approved after the merge",
    69: "it is a draft, closed, or opened again",
    70: "two replicas look at one pull request",
    71: "a replica stands still, is taken for dead, and wakes up in the middle of its work",
    72: "it is pushed to between the verdict and the effect",
    73: "the branch that a pipeline runs on moves after the approval",
    74: "a deploy is accepted and never appears, is cancelled, or fails",
    75: "two changes of one model are merged within seconds",
    76: "the pull request that was asked for exists, was declined, is merged, or its branch is somebody else's",
    77: "what is asked for is so already",
    78: "the bot is told of what it did itself",
    79: "somebody copies the bot's marker into a comment of their own",
    80: "somebody deletes the bot's comment, or there are two",
    81: "a comment is longer than the forge takes",
    82: "a name is written to be read as markup, a mention or a command",
    83: "a metric is no number, and a file of YAML no document",
    84: "of two evaluations the older one ends last",
    85: "what is secret is about to be said in a log, an error, a comment, an address or a row",
    86: "the bot is told to stop in the middle of an effect",
    87: "a database of an older version is opened, and the older bot still works on it",
    88: "the database grows for years, and a deploy comes again after them",
    89: "an address in a webhook leads somewhere else",
    90: "somebody looks at health and figures: an operator, or a stranger",
}
OF_ONE_FORGE = {
    6: ("gitlab", "GitHub has one way of proving alone; what is weaker is fault 3."),
    7: ("gitlab", "GitHub signs no time."),
    25: ("gitlab", "GitHub never stops to tell a webhook."),
    51: ("gitlab", "GitHub assigns nobody to such a rule, and approves nothing by itself."),
    52: ("gitlab", "GitHub has no number of approvals that are left."),
    53: ("gitlab", "GitHub's CODEOWNERS knows no sections, no roles and no exclusions."),
}
# The bot's own, whatever forge it works on: its settings, its door, its database, its processes. Who proves them on no
# forge need not say why.
OF_NO_FORGE = frozenset({4, 8, 9, 13, 14, 15, 18, 19, 20, 26, 31, 71, 77, 83, 85, 86, 87, 88, 90})


def unproven(tests: Sequence[Collected]) -> list[str]:
    """What is lacking before every fault is proven on every forge that can have it, in sentences."""
    return [*_odd_marks(tests), *_lacking(tests)]


def _odd_marks(tests: Iterable[Collected]) -> Iterator[str]:
    for test in tests:
        strange = [number for number in test.faults if number not in FAULTS]
        if strange:
            yield f"{test.test}: nobody knows fault {strange[0]}"
        if set(test.faults) - OF_NO_FORGE and not test.forge and not test.why_pure.strip():
            yield f"{test.test}: runs on no forge, and does not say why it proves a fault all the same"


def _lacking(tests: Iterable[Collected]) -> Iterator[str]:
    proven = {(number, forge) for test in tests for number in test.faults for forge in _forges_of(test)}
    for number, words in FAULTS.items():
        forges = [OF_ONE_FORGE[number][0]] if number in OF_ONE_FORGE else FORGES
        without = [forge for forge in forges if (number, forge) not in proven]
        if without:
            yield f"{number}: no test proves it on {' and '.join(without)}: {words}"


def _forges_of(test: Collected) -> Sequence[str]:
    if test.forge:
        return (test.forge,)
    return (test.proves_for,) if test.proves_for else FORGES
