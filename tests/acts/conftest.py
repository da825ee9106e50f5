"""How a test that corrects the demo's memory finds its way in it."""

from __future__ import annotations

import pytest


@pytest.fixture
def says(marlene):
    """The ids of live items, of any layer, whose words hold ``part``; identity counts as one of them."""

    def call(part):
        ids = []
        for layer in ("memory", "lesson", "knowledge"):
            for row in marlene.items(layer, states=["active", "decaying", "candidate"]):
                if part in str(row.get("content", row.get("statement"))):
                    ids.append(row["id"])
        identity = marlene.identity()
        if identity and part in str((identity["disposition_summary"], identity["preferences"])):
            ids.append(identity["id"])
        return ids

    return call
