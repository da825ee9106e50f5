-- Where each hash chain ends: without it a row could be cut off the end and nobody would see.

CREATE TABLE chain_tips (
  chain TEXT PRIMARY KEY NOT NULL CHECK (chain IN ('events', 'log')),
  seq INTEGER NOT NULL,
  chain_sha256 TEXT NOT NULL
) STRICT;

INSERT INTO chain_tips SELECT 'events', seq, chain_sha256 FROM events ORDER BY seq DESC LIMIT 1;
INSERT INTO chain_tips SELECT 'log', seq, chain_sha256 FROM transformations ORDER BY seq DESC LIMIT 1;
