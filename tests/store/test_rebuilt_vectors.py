"""An index made anew is the index that was there, to the byte."""

from elephantasm_cli.agent import open_agent

TURNS = [
    {"role": "user", "author": "Ada", "content": text}
    for text in (
        "I moved to Porto.",
        "The build fails because the lock file is stale; delete it and run the tests again.",
        "Thanks!",
        "周末我们去爬山。空气很好，孩子们很开心。",
        "My sister is allergic to peanuts, so no peanut butter in the cake that we bring on Sunday.",
    )
]


def vectors(agent):
    """What is stored of each passage, by the words that were embedded."""
    rows = agent.store.connection.execute(
        "SELECT p.item_id, p.ordinal, e.vector FROM passages p JOIN embeddings e ON e.passage_id = p.id"
    )
    return {(row[0], row[1]): row[2] for row in rows}


def test_vectors_made_one_by_one_and_all_at_once_are_the_same_bytes(tmp_path):
    """As turns trickle in, each is embedded beside others than when everything is embedded again."""
    with open_agent("slow", home=tmp_path) as agent:
        for turn in TURNS:
            agent.ingest([turn], session="s")
            agent.reindex()
        before = vectors(agent)
        agent.rebuild_index()
        assert agent.reindex() == 0
        assert len(before) == len(TURNS)
        assert vectors(agent) == before
