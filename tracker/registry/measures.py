"""How published figures are measured, by others and here: units, measures, and the steps between definitions."""

from enum import StrEnum


class Measure(StrEnum):
    """How a published figure is computed here. The SQL of warehouse/ has one rule for each."""

    LIST_DOWNLOADS = "list_downloads"
    """All-time downloads of the models of a list that the reader supplies, for a country or an account."""
    NEW_DERIVATIVES_SHARE = "new_derivatives_share"
    """A root family's share of the derivatives created in the month, of those with more than 5 downloads."""
    DOWNLOADS_SHARE = "downloads_share"
    """A publishing country's share of the downloads within the period."""
    ACCOUNT_DERIVATIVES = "account_derivatives"
    """Repositories built directly on an account's models."""
    ACCOUNT_DOWNLOADS = "account_downloads"
    """Downloads of an account's repositories within the period."""
    GGUF_DOWNLOADS = "gguf_downloads"
    """30-day downloads of the GGUF repositories whose root is in a family."""
    SMALL_MODELS_SHARE = "small_models_share"
    """Share of models below a billion parameters in all-time downloads, of those whose files declare a size."""
    DERIVATIVES_SHARE = "derivatives_share"
    """Share of derivatives and repackaged copies in 30-day downloads."""
    ACCOUNT_TEXT_SHARE = "account_text_share"
    """An account's share of the 30-day downloads of text and vision-language models."""
    DESCENDANTS = "descendants"
    """Repositories built on a model, directly or through others."""


class Unit(StrEnum):
    """Unit of a published figure."""

    DOWNLOADS = "downloads"
    REPOSITORIES = "repositories"
    SHARE = "share"
    """0 to 1."""
    DAY = "day"
    """A day or a time of the year: there is no value, only the text as published."""


class BridgeStep(StrEnum):
    """One change of the definition, on the way from our default to that of a published figure."""

    ALL_MODELS = "all_models"
    """Models of all kinds, not only language models."""
    TEXT_TAGS = "text_tags"
    """Models whose own task on the Hub is one of text or vision-language, instead of our class of language models."""
    BASE_MODEL = "base_model"
    """Counted for the makers of the base models, not for the publisher."""
    ORIGINALS = "originals"
    """Only models that labs made, with their own quantized copies."""
    OWN_COPIES = "own_copies"
    """Labs' own quantized copies count as built on others, not as originals. By layer only."""
    GGUF = "gguf"
    """Only GGUF repositories."""
    DOWNLOADS_ALL_TIME = "downloads_all_time"
    """All-time downloads, not those of 30 days."""
    PERIOD = "period"
    """Downloads of the published time, or of the last days of the same number.

    By country without `list` and `text_tags`, or by account right after `all_models` alone.
    """
    LIST = "list"
    """Only the models of a list that the reader supplies, of whatever kind."""
    PUBLISHED_DAY = "published_day"
    """The last reading in the published time, not our last one."""


class CountedBy(StrEnum):
    """What the subjects of a bridge are."""

    COUNTRY = "country"
    ACCOUNT = "account"
    FAMILY = "family"
    LAYER = "layer"
    """Derivatives and copies together, against all models. The figure has no subject."""
