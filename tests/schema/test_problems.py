from registry_schema import InvalidFile, Problem


def test_a_problem_reads_as_place_fault_and_mend() -> None:
    assert str(Problem("a.yaml", 4, "x is wrong", "mend it")) == "a.yaml:4: x is wrong; mend it"


def test_a_problem_of_the_whole_file_has_no_line() -> None:
    assert str(Problem("a.yaml", 0, "the file is empty")) == "a.yaml: the file is empty"


def test_problems_come_once_and_in_the_order_of_lines() -> None:
    late, early = Problem("a.yaml", 10, "late"), Problem("a.yaml", 9, "early")

    assert InvalidFile([late, early, late]).problems == (early, late)


def test_the_error_itself_reads_as_all_problems() -> None:
    assert str(InvalidFile([Problem("a", 1, "x"), Problem("a", 2, "y")])) == "a:1: x\na:2: y"


def test_of_very_many_problems_the_first_are_told_and_that_there_are_more() -> None:
    invalid = InvalidFile(Problem("a", line, "x") for line in range(1, 5000))

    assert len(invalid.problems) == 101
    assert str(invalid.problems[-1]) == "a:101: there are more problems from here on; mend these first"
