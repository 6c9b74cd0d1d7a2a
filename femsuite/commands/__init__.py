"""The commands of the command line, one per module: ``main(arguments)`` does it and returns the exit code.

Heavy things are imported inside, so that ``femsuite --help`` answers at once.
"""
