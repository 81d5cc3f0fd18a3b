"""Promising links: what a household may expect where, and the best links for all together.

The core takes arrays and gives arrays, and knows no cases, tables or pages: `problem.Problem`
states what is asked, `solve.solve` answers with a `solve.Plan` and its `certificate.Certificate`,
and `online.PriceList` decides households one by one while the future is unknown. Run it in a
process of its own: HiGHS keeps its number of threads for as long as the process lives. The method
and why: docs/adr (linking by prices).
"""
