"""OpenRouter: tokens a day of the most used models, from its daily export and, with a key, its history."""

from tracker.sources.openrouter.source import OpenRouter

__all__ = ["OpenRouter"]
