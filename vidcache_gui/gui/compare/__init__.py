"""Two items in one player: beside each other, over each other, and what differs."""
