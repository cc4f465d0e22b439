"""What the bot says of what nobody approved, and of races, read whole: one test for each template."""

from dataclasses import replace

from registrar import rendering
from registrar.core.lifecycle import Transition
from registrar.core.overtaken import Lost, Overtaking
from registrar.rendering import Unapproved

SHA = "3f2a91c" + 33 * "0"
STATUS = "models/digits/status.yaml"
MERGED = Unapproved(SHA, "mei", "#7", "ana", "#7 was merged unapproved (waiting for raj)", (STATUS,), (), ())

REVERT = """\
The rules did not let `3f2a91c` pass, and it reached the base all the same: #\u20607 was merged unapproved \
\\(waiting for raj\\).

- It came with #7, which ana merged.
- **Nothing of it was deployed.**

This puts back, as it was when it was last approved:

- models/digits/status.yaml

It needs the approval of the owners like every change of these files; any of them may give it. Neither the lifecycle \
nor a gate, a freeze or a soak time holds it up. On merge, a version that gets a status back is deployed to it once \
more, so that what runs is what stands here, whatever happened meanwhile.

To keep the change instead, close this, ask for it anew, and let it be approved.
"""


def test_what_takes_back_a_merge_says_what_why_and_what_follows() -> None:
    assert rendering.revert(MERGED) == REVERT


def test_what_takes_back_a_push_says_what_it_cannot_take_back() -> None:
    pushed = replace(MERGED, link="", merged_by="", says="@eve", why="a status was changed", others=("CODEOWNERS",))

    said = rendering.revert(pushed)

    assert "- It was pushed. The commit itself says that @\u2060eve wrote it, which proves nothing." in said
    assert "so this leaves alone:\n\n- CODEOWNERS\n" in said


def test_a_merge_says_what_takes_it_back() -> None:
    assert rendering.taken_back("#9", jobs=(), noun="pull request") == (
        "### ↩️ #9 takes this back\n\n"
        "It was merged although the rules did not let it pass. Until it is taken back the base holds it, and nothing "
        "of it is deployed.\n"
    )


def test_a_merge_says_which_jobs_people_must_put_back() -> None:
    jobs = (".github/workflows/bot.yml",)

    assert rendering.taken_back("", jobs=jobs, noun="pull request") == (
        "### ↩️ Take this back by hand\n\n"
        "It was merged although the rules did not let it pass. Until it is taken back the base holds it, and nothing "
        "of it is deployed.\n\n"
        "What jobs run is no bot's to write, so let somebody open a pull request that puts this back as it was, and an "
        "owner approve it:\n\n- .github/workflows/bot.yml\n"
    )


def test_what_takes_back_the_rest_names_the_jobs_that_it_leaves_to_people() -> None:
    assert "Put this back by hand, in a request of its own:\n\n- .gitlab-ci.yml\n\nIt needs" in rendering.revert(
        replace(MERGED, jobs=(".gitlab-ci.yml",))
    )


def test_who_lost_is_told_to_what_and_what_was_done() -> None:
    taken = Transition("digits", "1.2.0", "Staging", "Production")
    wish = replace(taken, version="1.1.0")
    lost = Lost(wish, Overtaking(SHA, (taken,), 7, "#7", "mei", "approved by ana"))

    assert rendering.overtaken_comment(lost, becomes="It is made anew.") == (
        "### 🏁 1.2.0 got Production first, by #\u20607 of mei, approved by ana\n\nIt is made anew.\n"
    )


def test_a_request_that_is_withdrawn_says_why() -> None:
    assert rendering.withdrawn_comment("3f2a91c came by #7 after all") == (
        "### ↩️ Closed: there is nothing left to do here\n\n3f2a91c came by #\u20607 after all.\n"
    )
