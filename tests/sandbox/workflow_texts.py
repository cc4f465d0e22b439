"""Knows workflow files that tests read and run."""

from textwrap import dedent, indent

INPUTS = """
name: Deploy
run-name: Deploy ${{ inputs.model }} (${{ inputs.operation || 'by hand' }})
on:
  workflow_dispatch:
    inputs:
      model: {required: true, description: Which model}
      operation: {type: string}
      dry: {type: boolean, default: false}
      where: {type: choice, options: [eu, us], default: eu}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: echo "${{ inputs.model }} ${{ inputs.dry && 'dry' || 'wet' }} ${{ inputs.where }}"
"""


def a_job(steps: str, on: str = "workflow_dispatch", *, env: str = "") -> str:
    lines = [
        "name: Deploy",
        f"on: {on}",
        *([f"env: {env}"] if env else []),
        "jobs:",
        "  deploy:",
        "    runs-on: ubuntu-latest",
    ]
    return "\n".join([*lines, "    steps:", indent(dedent(steps).strip(), "      ")])
