"""Splink 4 on DuckDB over the table of synth_table.py, as its guides say: run by splink_side_by_side.py in a venv.
Arguments: records.csv, a folder for clusters_<threshold>.csv, threads."""
import sys
import time

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

# What hulei blocks on, less the readings of names, which Splink does not have.
BLOCKING = [
    block_on("id_number"),
    block_on("id_tail"),
    block_on("phone"),
    block_on("household"),
    block_on("birth_date", "name_first"),
    block_on("birth_date", "name_last"),
    block_on("name", "birth_year"),
    block_on("name", "area_code"),
    block_on("name", "school"),
]
THRESHOLDS = [0.5, 0.9, 0.99, 0.999, 0.9999]

PREPARE = """
CREATE TABLE records AS SELECT
  id AS unique_id,
  nullif(name, '') AS name,
  nullif(substr(name, 1, 1), '') AS name_first,
  nullif(right(name, 1), '') AS name_last,
  nullif(upper(id_number), '') AS id_number,
  CASE WHEN length(id_number) >= 17 THEN right(upper(id_number), 8) END AS id_tail,
  nullif(sex, '') AS sex,
  CASE WHEN length(replace(birth_date, '-', '')) = 8 THEN replace(birth_date, '-', '') END AS birth_date,
  CASE WHEN length(birth_date) >= 4 THEN substr(birth_date, 1, 4) END AS birth_year,
  nullif(string_split(phones, ';')[1], '') AS phone,
  nullif(household, '') AS household,
  nullif(area_code, '') AS area_code,
  nullif(school, '') AS school
FROM read_csv('{path}', header = true, all_varchar = true)
"""


def levels(column, *edits, frequency=False):
    """Equal, at most so many edits, else."""
    exact = cll.ExactMatchLevel(column, term_frequency_adjustments=frequency)
    return cl.CustomComparison(
        output_column_name=column,
        comparison_levels=[cll.NullLevel(column), exact, *(cll.LevenshteinLevel(column, count) for count in edits),
                           cll.ElseLevel()])


def settings():
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            levels("name", 1, frequency=True),
            levels("id_number", 1, 2),
            levels("birth_date", 1, 2),
            cl.ExactMatch("sex"),
            levels("phone", 1),
            cl.ExactMatch("household"),
            cl.ExactMatch("school"),
        ],
        blocking_rules_to_generate_predictions=BLOCKING,
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )


def train(linker):
    linker.training.estimate_probability_two_random_records_match(
        [block_on("id_number", "name"), block_on("name", "birth_date", "phone")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("id_number"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("name", "birth_date"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("phone", "name"))


def main(path, folder, threads):
    started = time.monotonic()

    def tell(what):
        print(f"splink: {what} after {time.monotonic() - started:.1f} s", flush=True)

    connection = duckdb.connect()
    connection.execute(f"SET threads = {int(threads)}")
    connection.execute(PREPARE.format(path=path))
    linker = Linker("records", settings(), DuckDBAPI(connection=connection), set_up_basic_logging=False)
    tell("read")
    train(linker)
    tell("trained")
    pairs = linker.inference.predict(threshold_match_probability=THRESHOLDS[0])
    tell("predicted")
    for threshold in THRESHOLDS:
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
            pairs, threshold_match_probability=threshold)
        connection.execute(f"COPY (SELECT cluster_id, unique_id AS record_id FROM {clusters.physical_name}) "
                           f"TO '{folder}/clusters_{threshold}.csv' (HEADER)")
        tell(f"clustered at {threshold}")
        if threshold == THRESHOLDS[0]:
            # One threshold is a whole run; the further ones only look for the best F1 and are not in the time.
            print("splink: done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:4])
