#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares models: the mean error over the folds, for each series and model; * marks the best of a series.

Usage: report.py ERRORS... (tables of series, model, fold, error)
"""
import collections
import statistics
import sys


def main():
    errors = collections.defaultdict(list)
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            for line in file:
                series, model, _, error = line.split("\t")
                errors[series, model].append(float(error))
    mean = {pair: statistics.mean(values) for pair, values in errors.items()}
    models = list(dict.fromkeys(model for _, model in mean))
    print(f"{'series':<12}" + "".join(f"{model:>14}" for model in models))
    for series in dict.fromkeys(series for series, _ in mean):
        best = min(mean[series, model] for model in models)
        print(f"{series:<12}" + "".join(
            f"{mean[series, model]:>13.2f}{'*' if mean[series, model] == best else ' '}" for model in models).rstrip())
    print("\nMean absolute error, in units of that of taking the value of a season ago; below 1 is better.")


main()
