"""GitHub's dialect of the sandbox forge: its words, its addresses, its REST API and its webhooks."""
