"""Weights and datasets, tracked by DVC."""
