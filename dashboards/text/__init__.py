"""The sentences the pages say of the data, a file a page. Pure: frames in, plain text out."""
