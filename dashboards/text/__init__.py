"""The texts of pages and report, one module per page. Pure: frames in, text out."""
