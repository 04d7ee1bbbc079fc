"""How a line is drawn and called: origins in their fixed colours, what is no origin in others, dashes to tell apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards.charts import colours
from dashboards.charts.inks import DASHES, FIRST, SECOND
from dashboards.data import vocabulary


@dataclass(frozen=True, slots=True)
class Look:
    """One line's name, colour and dash pattern."""

    name: str
    colour: str
    dash: Sequence[int] = (1, 0)


def of_origins(names: Mapping[str, str]) -> dict[str, Look]:
    """A line per origin (code -> name), in the order of the palette."""
    return {
        code: Look(names[code], colour, colours.dash(code)) for code, colour in colours.ORIGINS.items() if code in names
    }


def of_chosen(names: Mapping[str, str]) -> dict[str, Look]:
    """A line per chosen origin (code -> name): those without a colour of their own share that of the others."""
    others = of_members({code: (name, vocabulary.OTHER) for code, name in names.items() if code not in colours.ORIGINS})
    return {
        code: others.get(code) or Look(name, colours.ORIGINS[code], colours.dash(code)) for code, name in names.items()
    }


def of_members(named: Mapping[str, tuple[str, str | None]]) -> dict[str, Look]:
    """A line per thing (code -> its name and origin) in its origin's colour; those of one colour differ by dashes."""
    looks: dict[str, Look] = {}
    for code, (name, origin) in named.items():
        colour = colours.ORIGINS.get(origin or vocabulary.NOT_KNOWN, colours.ORIGINS[vocabulary.OTHER])
        before = sum(look.colour == colour for look in looks.values())
        looks[code] = Look(name, colour, DASHES[before % len(DASHES)])
    return looks


def of_pair(names: Mapping[str, str]) -> dict[str, Look]:
    """Two lines that stand for no origin (code -> name): one solid, one broken."""
    pairs = zip(names.items(), ((FIRST, DASHES[0]), (SECOND, DASHES[1])), strict=True)
    return {code: Look(name, colour, dash) for (code, name), (colour, dash) in pairs}
