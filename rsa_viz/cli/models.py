"""The command models: the endpoints that can be chosen, and with ``--ask`` whether their servers answer."""

from __future__ import annotations

import argparse

from .opening import open_service
from .saying import say, say_json


def models(options: argparse.Namespace) -> int:
    """List the endpoints; 1 when a server that was asked fails. Asking lists models and generates nothing."""
    service = open_service(options)
    endpoints = service.endpoints
    if options.name is not None:
        endpoints = (service.models.find(options.name),)
    if options.ask:
        for asked in [service.models.ask(one.name) for one in endpoints]:
            asked.result()
    failing = False
    rows: list[dict[str, object]] = []
    for endpoint in endpoints:
        servers = service.models.states(endpoint.name)
        failing = failing or any(one.error for one in servers)
        price = endpoint.price
        rows.append(
            {
                "name": endpoint.name,
                "title": endpoint.title,
                "model": endpoint.model,
                "concurrency": endpoint.concurrency,
                "context": service.models.context(endpoint.choice),
                "price": None if price is None else [price.tokens_in, price.tokens_out, price.currency],
                "servers": [
                    {
                        "name": one.name,
                        "state": one.state.value,
                        "models": None if one.models is None else list(one.models),
                        "error": one.error or None,
                        "what_to_do": one.what_to_do or None,
                    }
                    for one in servers
                ],
            }
        )
    service.close()
    if options.json:
        say_json(rows, indent=2)
    else:
        for row in rows:
            say(f"{row['name']:<24} {row['model']:<44} {row['title']}")
            for server in row["servers"] if options.ask else ():  # type: ignore[attr-defined]
                words = ", ".join(server["models"] or ())[:200]
                say(f"  {server['name']}: {server['state']}" + (f", lists {words}" if words else ""))
                for key in ("error", "what_to_do"):
                    if server[key]:
                        say(f"    {server[key]}")
    return 1 if failing else 0
