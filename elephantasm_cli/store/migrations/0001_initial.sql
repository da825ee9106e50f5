-- The whole data model. Times are UTC text (YYYY-MM-DDTHH:MM:SS.ffffffZ), scores REAL in [0, 1], booleans 0 or 1.
-- Each statement ends with a semicolon at a line's end; the runner executes the file inside one transaction.

CREATE TABLE agent (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  embedding_model TEXT NOT NULL,
  embedding_dimension INTEGER NOT NULL CHECK (embedding_dimension > 0),
  embedding_sha256 TEXT NOT NULL,
  secret TEXT NOT NULL,                       -- key of the tombstones' hashes; never leaves the file
  metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0 CHECK (is_deleted IN (0, 1))
) STRICT;

CREATE TABLE events (
  seq INTEGER PRIMARY KEY,                    -- ingestion order
  id TEXT NOT NULL UNIQUE,
  session_id TEXT NOT NULL,
  event_type TEXT NOT NULL CHECK (event_type IN ('user_message', 'assistant_message', 'system_message', 'tool_call', 'tool_result', 'note', 'observation')),
  role TEXT NOT NULL,
  author TEXT NOT NULL,
  content TEXT NOT NULL,
  content_sha256 TEXT NOT NULL,
  occurred_at TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  importance_score REAL NOT NULL DEFAULT 0.5 CHECK (importance_score BETWEEN 0 AND 1),
  trust TEXT NOT NULL CHECK (trust IN ('operator', 'user', 'agent', 'tool', 'import')),
  source TEXT NOT NULL,
  dedupe_key TEXT NOT NULL UNIQUE,
  token_count INTEGER NOT NULL CHECK (token_count >= 0),
  salt TEXT NOT NULL,                         -- random; blanked by forget, so that no guess can be confirmed
  row_sha256 TEXT NOT NULL,                   -- over the salt and the row's unchanging columns; stays after forget
  chain_sha256 TEXT NOT NULL,                 -- over the previous row's chain and row_sha256
  metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0 CHECK (is_deleted IN (0, 1))
) STRICT;
CREATE INDEX events_session ON events (session_id, seq);
CREATE INDEX events_occurred ON events (occurred_at, seq);

CREATE TABLE memories (
  id TEXT PRIMARY KEY NOT NULL,
  content TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('fact', 'preference', 'event', 'decision', 'problem', 'procedure', 'relationship', 'plan')),
  importance_score REAL NOT NULL CHECK (importance_score BETWEEN 0 AND 1),
  confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  state TEXT NOT NULL CHECK (state IN ('candidate', 'active', 'decaying', 'archived', 'superseded')),
  time_start TEXT NOT NULL,
  time_end TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT,
  superseded_by TEXT REFERENCES memories (id) DEFERRABLE INITIALLY DEFERRED,
  trust TEXT NOT NULL CHECK (trust IN ('operator', 'user', 'agent', 'tool', 'import')),
  metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0 CHECK (is_deleted IN (0, 1))
) STRICT;
CREATE INDEX memories_state ON memories (state, time_end);

CREATE TABLE lessons (
  id TEXT PRIMARY KEY NOT NULL,
  title TEXT NOT NULL,
  content TEXT NOT NULL,
  pattern_type TEXT NOT NULL CHECK (pattern_type IN ('behavioral', 'preference', 'constraint', 'procedural', 'causal')),
  confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  support_count INTEGER NOT NULL CHECK (support_count >= 0),
  session_count INTEGER NOT NULL CHECK (session_count >= 0),
  state TEXT NOT NULL CHECK (state IN ('candidate', 'active', 'decaying', 'archived', 'superseded')),
  archived_at TEXT,
  superseded_by TEXT REFERENCES lessons (id) DEFERRABLE INITIALLY DEFERRED,
  trust TEXT NOT NULL CHECK (trust IN ('operator', 'user', 'agent', 'tool', 'import')),
  metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0 CHECK (is_deleted IN (0, 1))
) STRICT;

CREATE TABLE knowledge (
  id TEXT PRIMARY KEY NOT NULL,
  category TEXT NOT NULL CHECK (category IN ('fact', 'rule', 'belief', 'goal', 'preference', 'concept', 'method')),
  statement TEXT NOT NULL,
  certainty REAL NOT NULL CHECK (certainty BETWEEN 0 AND 1),
  valid_from TEXT NOT NULL,
  valid_to TEXT,
  superseded_by TEXT REFERENCES knowledge (id) DEFERRABLE INITIALLY DEFERRED,
  state TEXT NOT NULL CHECK (state IN ('candidate', 'active', 'decaying', 'archived', 'superseded')),
  trust TEXT NOT NULL CHECK (trust IN ('operator', 'user', 'agent', 'tool', 'import')),
  metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0 CHECK (is_deleted IN (0, 1))
) STRICT;

CREATE TABLE identity (
  id TEXT PRIMARY KEY NOT NULL,
  version INTEGER NOT NULL UNIQUE CHECK (version >= 1),
  disposition_summary TEXT NOT NULL,
  traits TEXT NOT NULL CHECK (json_valid(traits)),
  "values" TEXT NOT NULL CHECK (json_valid("values")),
  preferences TEXT NOT NULL CHECK (json_valid(preferences)),
  trust TEXT NOT NULL CHECK (trust IN ('operator', 'user', 'agent', 'tool', 'import')),
  metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0 CHECK (is_deleted IN (0, 1))
) STRICT;

CREATE TABLE dreams (
  id TEXT PRIMARY KEY NOT NULL,
  "trigger" TEXT NOT NULL CHECK ("trigger" IN ('cron', 'manual', 'hook')),
  status TEXT NOT NULL CHECK (status IN ('running', 'completed', 'failed', 'interrupted')),
  started_at TEXT NOT NULL,
  finished_at TEXT,
  options TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(options)),
  models TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(models)),
  budget_used TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(budget_used)),
  error TEXT,
  metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0 CHECK (is_deleted IN (0, 1))
) STRICT;

CREATE TABLE dream_jobs (
  id INTEGER PRIMARY KEY,
  dream_id TEXT NOT NULL REFERENCES dreams (id),
  job TEXT NOT NULL CHECK (job IN ('index', 'reflect', 'curate_memories', 'promote_to_lessons', 'consolidate_knowledge', 'update_identity', 'archive_stale')),
  status TEXT NOT NULL CHECK (status IN ('running', 'completed', 'failed', 'interrupted')),
  started_at TEXT NOT NULL,
  finished_at TEXT,
  examined INTEGER NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0 CHECK (is_deleted IN (0, 1)),
  UNIQUE (dream_id, job)
) STRICT;

CREATE TABLE transformations (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  act_id TEXT NOT NULL,
  dream_id TEXT REFERENCES dreams (id),
  transformation_type TEXT NOT NULL CHECK (transformation_type IN ('reflection', 'merge', 'split', 'refine', 'supersede', 'promotion', 'consolidation', 'aggregation', 'archive', 'restore', 'edit', 'redaction', 'forget', 'import', 'undo')),
  workflow_name TEXT NOT NULL,
  target_id TEXT NOT NULL,
  target_type TEXT NOT NULL CHECK (target_type IN ('event', 'memory', 'lesson', 'knowledge', 'identity')),
  before TEXT CHECK (before IS NULL OR json_valid(before)),
  after TEXT CHECK (after IS NULL OR json_valid(after)),
  before_sha256 TEXT NOT NULL,
  after_sha256 TEXT NOT NULL,
  salt TEXT NOT NULL,                         -- random; blanked by forget with the snapshots
  reasoning TEXT NOT NULL DEFAULT '',
  prompt_name TEXT,
  prompt_sha256 TEXT,
  model_id TEXT,
  parameters TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(parameters)),
  created_by TEXT NOT NULL,
  undoes TEXT,
  chain_sha256 TEXT NOT NULL,
  metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0 CHECK (is_deleted IN (0, 1))
) STRICT;
CREATE INDEX transformations_target ON transformations (target_id, seq);
CREATE INDEX transformations_act ON transformations (act_id);
CREATE INDEX transformations_dream ON transformations (dream_id, seq);

CREATE TABLE lineage (
  id INTEGER PRIMARY KEY,
  transformation_id TEXT NOT NULL REFERENCES transformations (id),
  source_id TEXT NOT NULL,
  source_type TEXT NOT NULL CHECK (source_type IN ('event', 'memory', 'lesson', 'knowledge', 'identity')),
  target_id TEXT NOT NULL,
  target_type TEXT NOT NULL CHECK (target_type IN ('event', 'memory', 'lesson', 'knowledge', 'identity')),
  weight REAL NOT NULL DEFAULT 1.0 CHECK (weight BETWEEN 0 AND 1),
  quote_start INTEGER,
  quote_end INTEGER,
  metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0 CHECK (is_deleted IN (0, 1)),
  CHECK ((quote_start IS NULL) = (quote_end IS NULL))
) STRICT;
CREATE INDEX lineage_target ON lineage (target_id);
CREATE INDEX lineage_source ON lineage (source_id);
CREATE INDEX lineage_transformation ON lineage (transformation_id);

CREATE VIEW transformation_log AS
SELECT (SELECT id FROM agent) AS agent_id, l.source_id, l.source_type, t.target_id, t.target_type,
       t.transformation_type, t.workflow_name, t.metadata, t.created_at, t.created_by
FROM transformations t LEFT JOIN lineage l ON l.transformation_id = t.id;

CREATE TABLE memory_packs (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  description TEXT NOT NULL DEFAULT '',
  query TEXT,
  options TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(options)),
  token_count INTEGER NOT NULL CHECK (token_count >= 0),
  sha256 TEXT NOT NULL,
  event_ids TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(event_ids)),
  memory_ids TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(memory_ids)),
  lesson_ids TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(lesson_ids)),
  knowledge_ids TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(knowledge_ids)),
  compiled_by TEXT NOT NULL,
  text TEXT NOT NULL,
  metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0 CHECK (is_deleted IN (0, 1))
) STRICT;

CREATE TABLE accesses (
  id INTEGER PRIMARY KEY,
  item_id TEXT NOT NULL,
  at TEXT NOT NULL,
  dream_id TEXT REFERENCES dreams (id),
  metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0 CHECK (is_deleted IN (0, 1))
) STRICT;
CREATE INDEX accesses_item ON accesses (item_id);

CREATE TABLE tombstones (
  id INTEGER PRIMARY KEY,
  content_hmac TEXT NOT NULL,                 -- keyed BLAKE2b of the normalised content
  layer TEXT NOT NULL CHECK (layer IN ('event', 'memory', 'lesson', 'knowledge', 'identity')),
  reason TEXT NOT NULL CHECK (reason IN ('reject', 'edit', 'forget')),
  embedding BLOB,                             -- for reject and edit only: a paraphrase stays away too
  metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0 CHECK (is_deleted IN (0, 1)),
  CHECK (reason != 'forget' OR embedding IS NULL)
) STRICT;
CREATE INDEX tombstones_hmac ON tombstones (content_hmac, layer);

CREATE TABLE passages (
  id INTEGER PRIMARY KEY,
  item_id TEXT NOT NULL,
  layer TEXT NOT NULL CHECK (layer IN ('event', 'memory', 'lesson', 'knowledge', 'identity')),
  ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
  char_start INTEGER NOT NULL CHECK (char_start >= 0),
  char_end INTEGER NOT NULL CHECK (char_end >= char_start),
  UNIQUE (item_id, ordinal)
) STRICT;

CREATE TABLE embeddings (
  passage_id INTEGER PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE,
  model_sha256 TEXT NOT NULL,
  vector BLOB NOT NULL
) STRICT;

CREATE VIRTUAL TABLE passages_fts USING fts5 (
  text, context, content = '', contentless_delete = 1, tokenize = 'porter unicode61'
);

CREATE VIRTUAL TABLE passages_vec USING vec0 (
  passage_id INTEGER PRIMARY KEY, layer TEXT PARTITION KEY, embedding BIT[384]
);

CREATE TABLE checkpoints (
  job TEXT PRIMARY KEY NOT NULL,
  seq INTEGER NOT NULL,
  metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
  updated_at TEXT NOT NULL
) STRICT;
