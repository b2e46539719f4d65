"""Who is considered and whom each is compared with: what a missing figure does to either."""

from __future__ import annotations

import made_up
from made_up import atom

from eligibility.data.cells import known_at
from eligibility.method import peers
from eligibility.policy.model import PeerGroup, Quantity

X, Y = "a.x", "a.y"
ASKED = (Quantity(X), Quantity(Y))


def cells():
    """ALB low, BEN in the middle, COL high; of DZA the other figure alone is known, of ECU it alone is not."""
    rows = {
        "ALB": {X: 0.1, Y: 0.9},
        "BEN": {X: 0.5, Y: 0.1},
        "COL": {X: 0.9, Y: 0.9},
        "DZA": {Y: 0.9},
        "ECU": {X: 0.1},
    }
    return known_at(made_up.snapshot([made_up.sheet(X), made_up.sheet(Y)], rows), made_up.AS_OF, 3)


def test_who_cannot_be_judged_is_not_considered_and_is_named():
    found = peers.pool(cells(), atom(X, "at_least", 0.5), ASKED)
    assert (found.members, found.unplaced) == (("BEN", "COL"), ("DZA",))
    dropped = peers.pool(cells(), atom(X, "at_least", 0.5, missing="drop"), ASKED)
    assert (dropped.members, dropped.unplaced) == (("BEN", "COL"), ("DZA",))
    refused = peers.pool(cells(), atom(X, "at_least", 0.5, missing="fail"), ASKED)
    assert (refused.members, refused.unplaced) == (("BEN", "COL"), ())


def test_the_first_group_that_holds_is_theirs_and_after_an_open_question_none():
    """DZA may be low, and so is in no later group; ECU is low whatever its other figure is."""
    groups = (
        PeerGroup("low", "", atom(X, "below", 0.3)),
        PeerGroup("other", "", atom(Y, "at_least", 0.5)),
        PeerGroup("rest", "", None),
    )
    assert peers.peer_groups(cells(), groups, ASKED).to_dict() == {
        "ALB": "low", "BEN": "rest", "COL": "other", "DZA": "", "ECU": "low",
    }  # fmt: skip
    assert set(peers.peer_groups(cells(), groups[1:], ASKED)[["ALB", "COL", "DZA"]]) == {"other"}
    assert peers.peer_groups(cells(), groups[1:], ASKED)["ECU"] == ""
    assert set(peers.peer_groups(cells(), groups[:1], ASKED)) == {"low", ""}
    assert set(peers.peer_groups(cells(), (), ASKED)) == {""}
