"""One command a file: parse, call, print, exit code. This table is all that the help of `registrar` needs."""

COMMANDS = {  # the name is the module too, unless Python has another use for it
    "init": "start a registry",
    "register": "propose a version: track its weights, open its pull request",
    "import": "move here from another registry",
    "promote": "propose a status for a version",
    "rollback": "propose to bring back what a status held before",
    "show": "show models, versions and who holds which status",
    "audit": "tell every change of status, and who stood behind it",
    "history": "show what happened to a model",
    "compare": "compare the metrics of two versions",
    "check": "find every problem in a registry's files",
    "pull": "fetch the weights of a version, and verify them",
    "setup": "set up webhooks and the base branch's protection on the forge",
    "doctor": "check a set-up on its forge",
    "serve": "run the bot",
    "reconcile": "do once all that the bot does, without a server",
    "jobs": "look after the work of a running bot",
    "demo": "watch the whole job happen on this machine",
    "completion": "print the completion of a shell",
}

HIDDEN = frozenset({"ci"})  # commands that no person types

MODULES = {"import": "importing"}
