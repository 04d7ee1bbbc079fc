"""ModelScope: downloads and likes of the models of registered accounts, from its official list route."""

from tracker.sources.modelscope.source import ModelScope

__all__ = ["ModelScope"]
