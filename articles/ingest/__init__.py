"""From what comes in to a `Draft`. Pure Python: nothing here knows of Django or a database."""
