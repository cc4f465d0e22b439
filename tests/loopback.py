"""Knows that the tests speak to this machine alone, and so without TLS."""

import ssl

PLAIN = ssl.SSLContext(
    ssl.PROTOCOL_TLS_CLIENT
)  # trusts nobody: httpx reads every authority of the world for each client
