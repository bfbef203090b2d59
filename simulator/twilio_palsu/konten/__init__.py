"""The fake Content API: templates and their approval."""
