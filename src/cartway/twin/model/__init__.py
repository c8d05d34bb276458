"""The model as data: states, shorthand and parameters of `body.toml` and `parameters.toml`, by name and by place."""

from cartway.twin.model.page import CARRYING, ENGINEERED, TUMOR, Model, Parameter, Short, State, load_model

__all__ = ["CARRYING", "ENGINEERED", "TUMOR", "Model", "Parameter", "Short", "State", "load_model"]
