"""How a page is asked for and answered.

``route`` declares the power that a view needs; ``page`` renders a frozen value and refuses
queries while it does; ``commands`` makes a write safe to send twice; ``errors`` are the refusals
that people can read.
"""
