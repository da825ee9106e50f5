"""Reads over the transformation log: tracing a belief to its words, proving that log and tables agree."""
