"""The models by their names, and which belong together."""

from motext_jax.reproduction.models import MODELS, OFFLINE, PAPER, learns_annotations, pairs


def names(models):
    return [model.name for model in models]


def test_the_papers_five_and_their_stand_ins():
    five = ["2sAGCN(CE)", "2sAGCN-C", "CTRGCN(CE)", "CTRGCN-T", "CTRGCN-C"]
    assert names(PAPER) == five
    assert names(OFFLINE) == [name.replace("-C", "-MiniLM") for name in five]


def test_the_ones_of_section_3_3_learn_annotations():
    assert names(filter(learns_annotations, MODELS.values())) == [
        "CTRGCN-T",
        "CTRGCN-C",
        "CTRGCN-MiniLM",
    ]


def test_models_are_paired_by_their_motion_tower():
    some = ("2sAGCN(CE)", "2sAGCN-C", "CTRGCN(CE)", "CTRGCN-T", "CTRGCN-MiniLM")
    assert [names(pair) for pair in pairs(MODELS[name] for name in some)] == [
        ["2sAGCN(CE)", "2sAGCN-C"],
        ["CTRGCN(CE)", "CTRGCN-T"],
        ["CTRGCN(CE)", "CTRGCN-MiniLM"],
    ]
