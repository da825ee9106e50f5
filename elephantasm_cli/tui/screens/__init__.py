"""What fills the terminal: the main screen, the lineage, the review queue, and the dialogs."""
