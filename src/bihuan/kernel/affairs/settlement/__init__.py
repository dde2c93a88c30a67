"""Where money ends: payee accounts, dated routes, what is expected, clearing batches,
and the comparison of days.

It refuses a route that one person alone made, an account of whoever runs this platform, and a
split that differs from its order by a fen. It moves no money: it writes instructions for a bank.
"""
