"""Trouble on purpose: `python -m tests.gangguan` (`make gangguan`).

Steps of the flow are taken while workers are killed, Redis goes away and comes back, and the fake
provider refuses, hangs, forgets, repeats and mixes up. At the end every message must be accounted
for: delivered, or on the call list. Whatever is neither is lost, and the exit code says so.

    jalan     one run: trouble, then quiet, then the account
    panggung  the processes: site, workers, broker, provider; all of their own, all removed
    anak      what needs Django: the requests, their steps, the passing of time, the count
    hitung    what the rows and the provider's own books say, side by side
"""
