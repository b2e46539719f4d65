"""The criteria language: from what a YAML file says (strict_yaml.py) to policy values, or every problem it has.

    shape            the shape of a criteria file; plain data against it, complaints in plain words
    settings         --set PATH=VALUE
    meaning, parts   what the shape cannot say: indicators, ranges, references, bases

The door is `eligibility.language.criteria`.
"""
