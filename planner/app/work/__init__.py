"""What a worker does for the page: every function takes a `Teller` first, and gives plain answers that a page can draw."""
