"""How good a picture is, and which of two aligned pictures is the better one, in numbers."""
