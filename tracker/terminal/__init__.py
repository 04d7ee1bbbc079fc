"""What commands take from a terminal and write to it: options, progress, results, what a crawl or build ended with."""
