"""闭环: hear, dispatch, act, check, answer, look back."""
