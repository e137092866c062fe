"""Errors that are meant for people."""


class UserError(Exception):
    """One clear sentence: what is wrong, where, what was found and what was expected."""
