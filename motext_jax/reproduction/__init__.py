"""The paper's experiments on a data set: trained, evaluated and told as one report."""
