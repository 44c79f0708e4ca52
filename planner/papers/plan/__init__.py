"""The paper of a plan, a section a file; nothing is solved, all is read off the plan's tables, its case and its rule book."""
