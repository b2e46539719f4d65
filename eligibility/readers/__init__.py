"""One small file a publisher: the official release format in, one tidy `Release` out."""
