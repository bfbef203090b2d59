"""A resident's WhatsApp for `make run`: the fake Twilio with phones that a person can play.

`python -m simulator`, started by bugbug/skrip/jalan.sh unless a real Twilio is configured.
Whatever the phones show, PINs included, lives in the memory of this one process.
"""
