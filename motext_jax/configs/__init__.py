"""The configs of the models: `get_config(dataset)` of a module gives one for a data set."""
