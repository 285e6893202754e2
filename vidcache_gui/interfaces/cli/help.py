"""Help texts that show how a command is used."""


def example(*lines: str) -> str:
    """An epilog whose lines are not re-wrapped (click's ``\\b``)."""
    title = "Example:" if len(lines) == 1 else "Examples:"
    return "\b\n" + "\n".join([title, *(f"  {line}" for line in lines)])
