"""Files as they come and go: opened once, read strictly, written whole or not at all, sealed."""
