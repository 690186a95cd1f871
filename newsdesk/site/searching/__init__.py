"""Readers' search: the words asked for, what they find, how it is counted and suggested."""
