"""民生诉求 · 一平台统管: any resident's matter, from any channel, one number, one answer.

A resident says what is wrong; one unit answers for it with a date that explains itself; somebody
else checks on the spot; the resident says whether it is solved.
"""
