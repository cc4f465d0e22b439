"""What an operator sees of the bot: its log, and the numbers that it counts; both without a secret."""
