"""Hot topics: many people, the same matter. The system proposes, a person makes it one."""
