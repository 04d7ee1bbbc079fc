"""SQL over a built warehouse that reads it and nothing else: from the command line, at a prompt, from strangers."""
