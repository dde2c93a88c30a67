"""The design system: tokens, type, components, page skeletons, and how dates and amounts are said."""
