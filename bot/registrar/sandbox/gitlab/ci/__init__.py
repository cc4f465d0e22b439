"""GitLab CI on this machine: what `.gitlab-ci.yml` says, and pipelines of it that really run."""
