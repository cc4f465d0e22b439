"""How an older database becomes today's: one step a file, in order, each made to be run while others work."""
