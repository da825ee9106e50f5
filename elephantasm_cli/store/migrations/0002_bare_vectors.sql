-- What was said is embedded without speaker and date: the question loses its names too, and both match on what they are
-- about. Vectors are derived: the next dream or `reindex` makes the dropped ones anew.

DELETE FROM passages_vec WHERE passage_id IN (SELECT id FROM passages WHERE layer = 'event');
DELETE FROM embeddings WHERE passage_id IN (SELECT id FROM passages WHERE layer = 'event');

-- The people and agents who speak, for telling names in a question.
CREATE INDEX events_people ON events (author) WHERE is_deleted = 0 AND trust <> 'tool';
