"""The trail: whose data somebody of the office was shown, when and why.

`halaman` is the table of what each address shows, `middleware` writes it down after each page, and
`rantai` closes the days so that an alteration is found.
"""
