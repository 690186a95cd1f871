"""Webhooks: the change log, pushed to whoever wants it, one change at a time and in order."""
