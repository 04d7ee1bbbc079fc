"""What pages are made of: controls, the definition bar, table columns, figures with downloads."""
