"""The dashboard on a host that starts it from this repository, over the tables of a published dataset."""
