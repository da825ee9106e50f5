"""The lineage browser: what an agent remembers, why, and how to put it right, from the keyboard."""
