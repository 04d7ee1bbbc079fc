"""The lake: daily Parquet files and one manifest per crawl."""
