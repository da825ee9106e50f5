"""The engines behind `LanguageModel`, and the chat formats they speak."""
