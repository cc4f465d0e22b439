"""Which repositories there are in a town, and what the bot calls its word about the main branch."""

REGISTRY = "acme/registry"
APPLICATION = "acme/app"
STATUS = "registrar: main"
