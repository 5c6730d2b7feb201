"""`shelfwise eval ...`: quality, measured on files the caller names. One module a command."""

from __future__ import annotations

import typer

from app.cli.evaluation.ablation import ablation
from app.cli.evaluation.attacks import attacks
from app.cli.evaluation.claims import claims
from app.cli.evaluation.counterfactual import counterfactual
from app.cli.evaluation.dataset import dataset
from app.cli.evaluation.experiments import experiments_app
from app.cli.evaluation.figures import figures
from app.cli.evaluation.guard import guard
from app.cli.evaluation.journeys import journeys
from app.cli.evaluation.online import online
from app.cli.evaluation.personal_data import personal_data
from app.cli.evaluation.personalization import personalization
from app.cli.evaluation.retrieval import retrieval
from app.cli.evaluation.tau_retail import tau_retail

eval_app = typer.Typer(no_args_is_help=True, help="Measure quality on files you name; never touches the serving index.")

eval_app.command()(ablation)
eval_app.command()(attacks)
eval_app.command()(claims)
eval_app.command()(counterfactual)
eval_app.command()(dataset)
eval_app.command()(figures)
eval_app.command()(guard)
eval_app.command()(journeys)
eval_app.command()(online)
eval_app.command()(retrieval)
eval_app.command()(personalization)
eval_app.command()(personal_data)
eval_app.command()(tau_retail)
eval_app.add_typer(experiments_app, name="experiments")
