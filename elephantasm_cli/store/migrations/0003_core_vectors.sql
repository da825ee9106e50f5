-- The vectors of what derived rows say without speaker and date: what a dream compares them by. Derived, like all
-- vectors; with the passage they go too.

CREATE TABLE core_vectors (
  passage_id INTEGER PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE,
  model_sha256 TEXT NOT NULL,
  vector BLOB NOT NULL
) STRICT;

-- Which passages have a vector, without reading the vectors.
CREATE INDEX embeddings_model ON embeddings (model_sha256);

-- What was merged into a memory, or gave way to it.
CREATE INDEX memories_superseded_by ON memories (superseded_by) WHERE superseded_by IS NOT NULL;
