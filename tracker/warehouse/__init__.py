"""How a warehouse is made: which SQL files there are, in which order they run, what an earlier build leaves to do."""
