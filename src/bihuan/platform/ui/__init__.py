"""The design system: tokens, components, page skeletons, and how dates and amounts are said."""
