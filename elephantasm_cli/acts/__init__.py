"""What an operator does to a memory: correct, judge, undo, forget. Every act is logged and outranks any source."""
