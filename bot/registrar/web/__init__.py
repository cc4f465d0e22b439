"""The bot's door: signed webhooks in, health out."""
