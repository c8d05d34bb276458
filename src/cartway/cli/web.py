"""`cartway serve`: the board, as processes."""

from __future__ import annotations

import os
from pathlib import Path

from cartway.cli.edge import say, settings, sound, stop
from cartway.problem import Problem


def serve(
    host: str, port: int, workers: int, certificate: Path | None, key: Path | None, proxy: str, database: str
) -> None:
    """Check the address, make sure that the stores are there, serve."""
    from cartway.cli.downtime import kept_beside
    from cartway.web import serve as web
    from cartway.web.downtime.folder import prepare
    from cartway.web.guard.configured import oidc_from_environment

    if (certificate is None) != (key is None):
        stop(Problem("no_tls", "TLS needs a certificate and its key.", "Give both --tls-certificate and --tls-key."))
    os.environ.pop(web.DEMO, None)
    address = web.Address(host, port, certificate, key, proxy)
    if problem := web.refuse(address):
        stop(problem)
    sound(oidc_from_environment(os.environ))
    chosen = settings(database)
    _prepare(chosen.database, chosen.people)
    scheme = "https" if certificate else "http"
    if chosen.downtime is not None and (problem := prepare(chosen.downtime)):
        stop(problem)
    say(f"serving on {scheme}://{host}:{port} with {workers} {'worker' if workers == 1 else 'workers'}; Ctrl-C stops")
    with kept_beside(chosen):
        web.serve(address, workers, {"CARTWAY_DATABASE": chosen.database, "CARTWAY_PEOPLE": chosen.people})


def _prepare(database: str, people: str) -> None:
    """Create the stores that are not there yet, once, before several workers open them."""
    from cartway.people import open_people
    from cartway.record import open_log
    from cartway.web.access import open_access

    with open_log(database), open_people(people), open_access(database) as access:
        if not access.accounts():
            say("there is no account yet: `cartway account add NAME --role ROLE` makes one")
