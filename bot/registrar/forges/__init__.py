"""The forges: one small port in our words, one adapter each."""
