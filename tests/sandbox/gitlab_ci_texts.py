"""Knows configurations of GitLab CI that tests read and run."""

from textwrap import dedent

DEPLOY = dedent("""\
    spec:
      inputs:
        model: {description: Which model}
        operation: {default: none}
        dry: {type: boolean, default: false}
        count: {type: number, default: 3, options: [3, 5]}
        where: {default: eu, options: [eu, us]}
        version: {default: 1.0.0, regex: '^\\d+\\.\\d+\\.\\d+$'}
    ---
    workflow:
      name: "Deploy $MODEL [$[[ inputs.operation ]]]"
    variables:
      MODEL: $[[ inputs.model ]]
    deploy:
      stage: deploy
      environment: {name: production, url: "https://$MODEL.example.com"}
      script:
        - echo "$MODEL, dry $[[ inputs.dry ]], times $[[ inputs.count ]]"
        - test "$PASSWORD" = "open sesame" && cat weights.txt && echo "the password is $PASSWORD"
    """)


def a_job(*lines: str, name: str = "deploy", script: str = "'true'") -> str:
    """A configuration of one job."""
    return "\n".join([f"{name}:", f"  script: {script}", *(f"  {line}" for line in lines)])
