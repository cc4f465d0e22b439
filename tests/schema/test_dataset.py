from registry_schema import Artifact, Dataset, read_dataset
from schema.reading import EXAMPLES, told


def test_a_dataset_says_what_it_is_and_how_much() -> None:
    assert read_dataset(EXAMPLES["dataset"].encode(), "dataset.yaml") == Dataset(
        "Eight by eight pixels of 1,797 digits.",
        {"digits": Artifact("data/digits.csv", "md5:9e107d9d372bb6826bd81d3542a419d6", 0)},
        1797,
    )


def test_a_dataset_needs_a_description() -> None:
    assert told("dataset", "rows: 3") == [": description is missing; add it"]
