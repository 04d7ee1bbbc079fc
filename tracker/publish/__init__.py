"""The tracker's home in the cloud: a Hugging Face dataset that holds the lake, the marts as Parquet, and a card.

The dataset holds every crawl that any home has published, listed in one file of manifests. Days of the newest month
lie there byte for byte as in the lake. Earlier months lie there compacted: one file a table and scope, ordered by
repository and day, in which an id and a counter that stands still cost next to nothing. A lake itself is never
compacted: its files are a contract, and immutable; `pull` writes the days of a month out again, with the same values
in files that need not be the same bytes. Whether two homes hold the same crawl is therefore judged by its manifest,
without the sums of its files. Nor does it matter what either tells again of a crawl because of days that landed between
others (`tracker/publish/backfill.py`): a publish adds it, a pull brings it.

Publishing only ever adds crawls. Nothing in the dataset goes away because a home lacks it; day files go away in the
commit that brings the month which holds them, after both were found to hold the same values. Each publish is one
commit on top of the state it was made for; if somebody was faster, what they brought is pulled, and it is made anew.
"""
