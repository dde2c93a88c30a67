"""Steps of the story."""
