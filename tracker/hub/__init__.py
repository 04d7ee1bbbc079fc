"""Speaking with the Hub: listings read page by page, politely and resumably."""
