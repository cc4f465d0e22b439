"""A forge on your own machine, for the demo and the tests."""
