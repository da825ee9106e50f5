"""A sample history to try the program on: one developer and a coding assistant over eight weeks, wholly invented.

``history.jsonl`` is the history in Elephantasm's own JSON Lines shape. ``expectations.json`` says what a careful reader
would take from it (changes, repeated problems, standing instructions, questions with their evidence); only tests and
measurements read it.
"""
