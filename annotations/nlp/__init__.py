"""Reads text, returns predictions. Imports no Django and no other room of the project."""
