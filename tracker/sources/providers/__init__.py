"""Inference providers: how many companies offer a model of a registered lab, from the Hub's list route."""

from tracker.sources.providers.source import Providers

__all__ = ["Providers"]
