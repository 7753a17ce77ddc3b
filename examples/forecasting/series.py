#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""One of the data sets that come with statsmodels, as a series: a line with its season (periods a cycle), then a value a line.

Usage: series.py DATA.csv > SERIES
"""
import pathlib
import sys

import pandas as pd


def co2(table):
    """Weekly at Mauna Loa, some weeks missing; here the months' means."""
    table["date"] = pd.to_datetime(table["date"].astype(str), format="%Y%m%d")
    return 12, table.set_index("date")["co2"].resample("MS").mean().interpolate()


def elnino(table):
    """A year a row, a month a column."""
    return 12, table.drop(columns="YEAR").stack()


def macrodata(table):
    """Unemployment in the United States, by the quarter."""
    return 4, table["unemp"]


def nile(table):
    """Its flow at Aswan, by the year."""
    return 1, table["volume"]


def sunspots(table):
    """By the year; they come and go in about eleven."""
    return 11, table["SUNACTIVITY"]


SERIES = {each.__name__: each for each in (co2, elnino, macrodata, nile, sunspots)}


def main():
    path = pathlib.Path(sys.argv[1])
    season, values = SERIES[path.stem](pd.read_csv(path))
    print(season)
    print("\n".join(f"{value:.6g}" for value in values))


main()
