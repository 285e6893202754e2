"""Reviewing same footage: the queue, the decision, what is merged by it, and rules."""
