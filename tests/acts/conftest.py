"""How a test that corrects the demo's memory finds its way in it."""

from __future__ import annotations

import pytest

from tests.conftest import wording


@pytest.fixture
def says(marlene):
    """The ids of live items that say ``part`` or were made of these words; identity by what it tells."""

    def call(part):
        ids = []
        for layer in ("memory", "lesson", "knowledge"):
            for row in marlene.items(layer, states=["active", "decaying", "candidate"]):
                if part in wording(row):
                    ids.append(row["id"])
        identity = marlene.identity()
        if identity:
            told = [str((identity["disposition_summary"], identity["preferences"]))]
            supporting = identity["metadata"].get("support", {}).get("preferences", {}).values()
            told += [wording(marlene.show(item_id)) for ids_of_one in supporting for item_id in ids_of_one]
            if any(part in text for text in told):
                ids.append(identity["id"])
        return ids

    return call
