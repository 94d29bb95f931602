"""How often each outcome, class, basis, rule and note occurs in random cohorts: `python -m tests.plain.tally`."""

import sys
from collections import Counter
from time import perf_counter

from .cohorts import cohort
from .engine import assess

COUNTED = {
    "modules": ["outcome", "grade", "capped", "attempt", "condonable"],
    "awards": ["award", "classification", "basis", "eligible"],
    "credit": ["eligible"],
    "progression": ["decision"],
    "notes": ["kind"],
    "disputed": ["kind"],
}


def tally(seeds: range, students: int) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for seed in seeds:
        lines = assess(cohort(seed, students))
        for table, columns in COUNTED.items():
            counts.update((column, row[column]) for row in lines[table] for column in columns)
        counts.update(
            ("rule", rule) for row in lines["components"] for rule in row["rules"].split(";") if rule
        )
        counts.update(
            (row["award"], f"{row['classification'] or '-'} by {row['basis']}") for row in lines["awards"]
        )
        counts.update(("rows", table) for table, rows in lines.items() for _ in rows)
    return counts


def main() -> None:
    seeds, students = range(20), 200
    start = perf_counter()
    cohorts = [cohort(seed, students) for seed in seeds]
    made = perf_counter()
    for tables in cohorts:
        assess(tables)
    judged = perf_counter()
    people = len(seeds) * students
    counts = tally(seeds, students)
    for (what, value), count in sorted(counts.items()):
        sys.stdout.write(f"{what:22} {value:28} {1000 * count / people:8.1f}\n")
    sys.stdout.write(
        f"made {people / (made - start):.0f} and judged {people / (judged - made):.0f} a second\n"
    )


if __name__ == "__main__":
    main()
