"""`python -m cartway.cli`."""

from cartway.cli.app import main

main()
