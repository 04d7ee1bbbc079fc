"""What every layer needs: the warehouse, its cache, the definition, number formats, vocabulary, file exports."""
