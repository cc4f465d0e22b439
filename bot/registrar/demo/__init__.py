"""The whole job on one machine: a real model, a real registry, real git, DVC and HTTP."""
