"""Pure text work without models: words, sentences, passages, full-text terms, dates. Knows no store and no clock."""
