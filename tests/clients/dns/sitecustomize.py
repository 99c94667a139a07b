"""What an operator's DNS does, for clients that ask the Discovery API at a host name of its own: the name with
metadata. before it leads to the appliance, too."""

import socket

_resolve = socket.getaddrinfo


def _resolve_metadata(host, *args, **more):
    if isinstance(host, str):
        host = host.removeprefix("metadata.")
    return _resolve(host, *args, **more)


socket.getaddrinfo = _resolve_metadata
