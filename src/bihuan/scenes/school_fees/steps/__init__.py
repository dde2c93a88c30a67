"""Steps of the story: one step, one module, one template, one test."""
