"""Libraries of takes: indexed once, searched by words, by example and by order."""
