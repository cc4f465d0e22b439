from registry_schema import Direction, Metric, Model, read_model
from schema.reading import EXAMPLES, told


def test_a_model_says_what_it_is_for_and_how_its_metrics_are_read() -> None:
    assert read_model(EXAMPLES["model"].encode(), "model.yaml") == Model(
        "Reads handwritten digits.",
        "image-classification",
        {"accuracy": Metric(Direction.HIGHER, "%", primary=True), "latency (ms)": Metric(Direction.LOWER)},
        "Ask the owners.",
    )


def test_a_model_needs_no_more_than_a_description() -> None:
    assert read_model(b"description: Reads digits.", "model.yaml") == Model("Reads digits.")


def test_one_metric_is_primary() -> None:
    text = "description: x\nmetrics:\n  a: {direction: lower, primary: true}\n  b: {direction: lower, primary: true}\n"

    assert told("model", text) == [":4: a is the primary metric already; let one metric be primary"]
