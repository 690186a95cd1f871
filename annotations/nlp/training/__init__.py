"""What makes the model: corpora, hand-tagged gold, training. Nothing here runs in the desk."""
