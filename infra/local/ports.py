"""Loopback ports: the promised ones, held from the first moment, and free ones for everything inside."""

import errno
import random
import socket

from infra.local.troubles import BadSetting, PortTaken, Trouble

LOOPBACK = "127.0.0.1"
INNER_PORTS = range(20000, 30000)
"""Where inner ports are taken from: below the range that the system hands out for outgoing connections."""


def hold_port(port: int, variable: str) -> socket.socket:
    """A listening socket on loopback; raises `PortTaken` naming the port and the variable that moves it.

    It listens at once: a socket that is only bound does not keep another process from binding the same port.
    """
    held = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind((LOOPBACK, port))
        held.listen(1024)
    except OSError as refused:
        held.close()
        if refused.errno == errno.EADDRINUSE:
            raise PortTaken(
                f"Port {port} is in use by another process. Stop that process, or choose another port: "
                f"set {variable} to a free one."
            ) from refused
        raise BadSetting(f"Port {port} cannot be opened ({refused.strerror}): set {variable} to another one.") from refused
    held.setblocking(False)
    return held


def hold_free_port() -> socket.socket:
    """A listening socket on a free inner port."""
    for port in random.sample(INNER_PORTS, 200):
        try:
            return hold_port(port, "PORT")
        except (PortTaken, BadSetting):
            continue
    raise Trouble(f"No free port found from {INNER_PORTS.start} to {INNER_PORTS.stop - 1}: end some other programs.")


def free_ports(count: int) -> tuple[int, ...]:
    """Different ports that nobody listens on at this moment."""
    held = [hold_free_port() for _ in range(count)]
    ports = tuple(port_of(one) for one in held)
    for one in held:
        one.close()
    return ports


def port_of(held: socket.socket) -> int:
    """The port a socket is bound to."""
    return int(held.getsockname()[1])
