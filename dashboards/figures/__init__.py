"""Charts with their words, ready to be shown or taken. Pure: frames in, figures out."""
