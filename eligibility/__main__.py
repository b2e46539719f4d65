"""What `eligibility` and `python -m eligibility` run."""

from eligibility.cli import main

if __name__ == "__main__":
    main()
