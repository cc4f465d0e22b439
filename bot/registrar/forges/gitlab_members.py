"""Who has which account on GitLab, what a project lets them do, and whom a word of CODEOWNERS names.

https://docs.gitlab.com/user/project/codeowners/reference/#eligible-code-owners
"""

from collections.abc import Iterable, Iterator

from registrar.core.people import Permission, Person
from registrar.errors import NotAllowed, Unknown
from registrar.forges.asking import Wish, segment
from registrar.forges.gitlab_answers import AccountAnswer, MemberAnswer, ProjectAnswer, permission_of, person_of
from registrar.forges.gitlab_api import GitLabApi

_READ = "the Guest role"
_ROLES = {"developer": 30, "maintainer": 40, "owner": 50}


class GitLabMembers:
    """The members of one project."""

    def __init__(self, api: GitLabApi, repository: str) -> None:
        """Nothing is asked yet."""
        self._api = api
        self._repository = repository
        self._path = f"/projects/{segment(repository)}"
        self._bots: dict[int, bool] = {}  # an account never turns from a person into a bot

    def person(self, login: str) -> Person | None:
        """The account that has this login now."""
        return self.known(self._account(login))

    def known(self, account: AccountAnswer | None) -> Person | None:
        """Who an account is that an answer mentions; whether it is a bot, no answer says where it is only mentioned."""
        return person_of(self._in_full(account)) if account is not None else None

    def code_owners(self, word: str) -> tuple[Person, ...]:
        """The active accounts that a word names: an account, a group, or everyone with a role; else none.

        Users and groups share their names, so a word of one segment can be either. An e-mail address names nobody: it
        cannot be shown to be anybody's.
        """
        name = word.removeprefix("@")
        if word.startswith("@@"):
            return self._with_role(word.removeprefix("@@"))
        if name == word:
            return ()
        account = self._account(name) if "/" not in name else None
        if account is not None:
            return tuple(self._people([account])) if account.state == "active" else ()
        return self._of_group(name)

    def permission(self, person: Person) -> Permission:
        """What the project lets the account do now; nothing when the login has passed to another account.

        Members of its groups and of the groups invited to it are members too.
        """
        wish = Wish(f"tell what {person.login} may do in {self._repository}", _READ)
        try:
            member = self._api.get(MemberAnswer, f"{self._path}/members/all/{person.id}", wish=wish)
        except Unknown:
            return Permission.NONE
        is_the_same = member.id == person.id and member.username.casefold() == person.login.casefold()
        return permission_of(member) if is_the_same else Permission.NONE

    def _account(self, login: str) -> AccountAnswer | None:
        wish = Wish(f"look up the account {login}", "any valid token")
        accounts = self._api.pages(AccountAnswer, "/users", wish=wish, parameters={"username": login})
        return next((account for account in accounts if account.username.casefold() == login.casefold()), None)

    def _in_full(self, account: AccountAnswer | MemberAnswer) -> AccountAnswer | None:
        """The account, and whether it is a bot, which GitLab says only of one that is asked for by its number."""
        if account.id not in self._bots:
            wish = Wish(f"look up the account {account.username}", "any valid token")
            try:
                asked = self._api.get(AccountAnswer, f"/users/{account.id}", wish=wish)
            except Unknown:
                return None
            self._bots[account.id] = bool(asked.bot)
        return AccountAnswer(account.id, account.username, account.state, bot=self._bots[account.id])

    def _people(self, accounts: Iterable[AccountAnswer | MemberAnswer]) -> Iterator[Person]:
        for account in accounts:
            person = person_of(self._in_full(account))
            if person is not None:
                yield person

    def _with_role(self, role: str) -> tuple[Person, ...]:
        """The direct members with exactly that role; GitLab takes the plural too."""
        level = _ROLES.get(role.casefold().removesuffix("s"))
        wish = Wish(f"list the members of {self._repository}", _READ)
        members = self._api.pages(MemberAnswer, f"{self._path}/members", wish=wish) if level is not None else ()
        return tuple(self._people(member for member in members if member.is_active and member.access_level == level))

    def _of_group(self, group: str) -> tuple[Person, ...]:
        """The direct members of a group that the project is in, or to which it was opened; of any other none."""
        if not self._is_within(group) and not self._was_invited(group):
            return ()
        wish = Wish(f"list the members of {group}", "to be a member of that group")
        try:
            members = self._api.pages(MemberAnswer, f"/groups/{segment(group)}/members", wish=wish)
        except (Unknown, NotAllowed):
            return ()
        return tuple(self._people(member for member in members if member.is_active))

    def _is_within(self, group: str) -> bool:
        return self._repository.casefold().startswith(f"{group.casefold()}/")

    def _was_invited(self, group: str) -> bool:
        wish = Wish(f"read the project {self._repository}", _READ)
        invited = self._api.get(ProjectAnswer, self._path, wish=wish).shared_with_groups
        return group.casefold() in {each.group_full_path.casefold() for each in invited}
