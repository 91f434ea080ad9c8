"""What keeps the local stack from running: each message names the problem and the remedy."""


class Trouble(Exception):
    """The local stack cannot start or go on; the message is for the person at the terminal."""

    exit_code = 1


class BadSetting(Trouble):
    """An environment variable of the stack cannot be used."""

    exit_code = 2


class PortTaken(Trouble):
    """A port that the stack promised to serve on belongs to another process."""

    exit_code = 2
