"""`python -m cytovigil` is `cytovigil`."""

from cytovigil.cli import main

if __name__ == "__main__":
    main()
