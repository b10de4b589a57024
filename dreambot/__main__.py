"""`python -m dreambot`."""

from dreambot.cli import main

if __name__ == "__main__":
    main()
