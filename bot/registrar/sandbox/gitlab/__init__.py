"""GitLab's dialect of the sandbox forge: its words, its addresses, its REST and GraphQL APIs and its webhooks."""
