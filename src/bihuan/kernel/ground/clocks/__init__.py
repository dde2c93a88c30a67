"""Deadlines as budget and suspensions, on the working calendar of the yearly notices.

It keeps what was granted and what was waited for, computes the date and says why it is that one. It
refuses to rewrite a clock's history and to guess a year whose notice is missing without saying so.
"""
