"""Publish a home to a Hugging Face dataset, and pull it back: the lake, the marts as Parquet, and a card.

The dataset holds every crawl that any home has published, listed in one file of manifests. Day files of the newest
month are byte-identical to those in the lake. Earlier months are compacted: one file per table and scope, sorted by
repository and day, where repeated ids and unchanged counters take almost no space. A lake is never compacted, because
its files are immutable. `pull` expands a month into day files with the same values but not necessarily the same bytes.
So whether two homes hold the same crawl is decided by the manifest without the checksums of its files, and without the
files of attributes that a home adds when days land out of order (tracker/publish/backfill.py): a publish adds those to
the dataset, a pull fetches them.

Publishing never removes a crawl because a home lacks it. Day files are removed in the commit that adds their month,
after both were found to hold the same values. Each publish is one commit on top of the revision it was planned for. If
another commit came first, its crawls are pulled and the publish is planned again.
"""
