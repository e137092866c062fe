"""The synthetic demonstration delivery: truth, answers, planted faults and files, from a fixed seed."""
