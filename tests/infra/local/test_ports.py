"""Ports: held from the first moment, and a taken one is told with its variable."""

import socket

import pytest

from infra.local.ports import INNER_PORTS, free_ports, hold_free_port, hold_port, port_of
from infra.local.troubles import BadSetting, PortTaken


def test_a_taken_port_is_told_with_the_variable_that_moves_it() -> None:
    with hold_free_port() as taken, pytest.raises(PortTaken, match=r"Port \d+ is in use.*SIMULATOR_PORT") as trouble:
        hold_port(port_of(taken), "SIMULATOR_PORT")
    assert str(trouble.value).startswith("Port ")
    assert trouble.value.exit_code == 2


def test_a_held_port_is_on_loopback_only() -> None:
    with hold_free_port() as held:
        assert held.getsockname()[0] == "127.0.0.1"


def test_a_port_is_free_again_when_it_is_let_go() -> None:
    with hold_free_port() as held:
        port = port_of(held)
    hold_port(port, "PORT").close()


def test_a_port_that_nobody_may_open_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: socket.socket, __: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(BadSetting, match="set PORT to another"):
        hold_port(80, "PORT")


def test_free_ports_differ_and_are_out_of_the_systems_way() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
    assert all(port in INNER_PORTS for port in ports)
