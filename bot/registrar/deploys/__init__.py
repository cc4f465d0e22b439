"""What is deployed, where, and how it stands."""
