"""The criteria language: from the bytes of a YAML file to policy values, or every problem it has.

    strict_yaml   bytes to plain data with positions, nothing executed, nothing guessed
    words, file   the shape of a criteria file as pydantic models
    shape         plain data against the shape, complaints in plain words
    settings      --set PATH=VALUE
    meaning, parts   what the shape cannot say: indicators, ranges, references, bases

The door is `eligibility.criteria`.
"""
