"""Knows the faults and attacks around an approval, and which of them no test proves the bot to survive."""

from collections.abc import Iterable, Iterator, Sequence

from parity import FORGES, Collected

FAULTS = {
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
}
OF_ONE_FORGE = {
    51: ("gitlab", "GitHub assigns nobody to such a rule, and approves nothing by itself."),
    52: ("gitlab", "GitHub has no number of approvals that are left."),
    53: ("gitlab", "GitHub's CODEOWNERS knows no sections, no roles and no exclusions."),
}


def unproven(tests: Sequence[Collected]) -> list[str]:
    """What is lacking before every fault is proven on every forge that can have it, in sentences."""
    return [*_odd_marks(tests), *_lacking(tests)]


def _odd_marks(tests: Iterable[Collected]) -> Iterator[str]:
    for test in tests:
        strange = [number for number in test.faults if number not in FAULTS]
        if strange:
            yield f"{test.test}: nobody knows fault {strange[0]}"
        if test.faults and not test.forge and not test.why_pure.strip():
            yield f"{test.test}: runs on no forge, and does not say why it proves a fault all the same"


def _lacking(tests: Iterable[Collected]) -> Iterator[str]:
    proven = {(number, forge) for test in tests for number in test.faults for forge in _forges_of(test)}
    for number, words in FAULTS.items():
        for forge in [OF_ONE_FORGE[number][0]] if number in OF_ONE_FORGE else FORGES:
            if (number, forge) not in proven:
                yield f"{number}: no test proves it on {forge}: {words}"


def _forges_of(test: Collected) -> Sequence[str]:
    if test.forge:
        return (test.forge,)
    return (test.proves_for,) if test.proves_for else FORGES
