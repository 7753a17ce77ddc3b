#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Fits a model to all of a series but its end, forecasts that end, and says how far off it was.

The folds of the cross-validation go back from the end of the series: fold 1 forecasts the last HORIZON values from all
that come before them, fold 2 the HORIZON values before those, and so on. The error is the mean absolute error, divided by
that of taking the value of a season ago within the training data (MASE, Hyndman and Koehler 2006): below 1 is better.

Usage: forecast.py SERIES MODEL FOLD > table of series, model, fold, error
"""
import pathlib
import sys
import warnings

import numpy as np


def naive(train, season, horizon):
    """The last season once more."""
    return np.resize(train[-season:], horizon)


def holt_winters(train, season, horizon):
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    seasonal = {"seasonal": "add", "seasonal_periods": season} if season > 1 else {}
    return ExponentialSmoothing(train, trend="add", damped_trend=True, **seasonal).fit().forecast(horizon)


def theta(train, season, horizon):
    from statsmodels.tsa.forecasting.theta import ThetaModel

    return ThetaModel(train, period=season, deseasonalize=season > 1).fit().forecast(horizon).to_numpy()


def sarima(train, season, horizon):
    """The airline model of Box and Jenkins."""
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    seasonal = {"seasonal_order": (0, 1, 1, season)} if season > 1 else {}
    return SARIMAX(train, order=(0, 1, 1), **seasonal).fit(disp=False).forecast(horizon)


MODELS = {"naive": naive, "holt-winters": holt_winters, "theta": theta, "sarima": sarima}


def main():
    path, model, fold = sys.argv[1:]
    lines = pathlib.Path(path).read_text().split()
    season, values = int(lines[0]), np.array(lines[1:], dtype=float)
    horizon = 2 * season if season > 1 else 8
    split = len(values) - horizon * int(fold)
    train, test = values[:split], values[split:split + horizon]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of optimisers that would rather have gone on
        forecast = MODELS[model](as_series(train) if model == "theta" else train, season, horizon)
    scale = np.mean(np.abs(train[season:] - train[:-season]))
    print(pathlib.Path(path).stem, model, fold, f"{np.mean(np.abs(forecast - test)) / scale:.4f}", sep="\t")


def as_series(values):
    import pandas as pd

    return pd.Series(values)


main()
