"""The verbs whatif, sweep and alternatives, as a person or a script calls them."""

import json
import threading
from pathlib import Path

import pytest
from cluster import cluster

from planner.cli.alternatives import share
from planner.cli.options import pairs
from planner.cli.run import run
from planner.cli.sweep import Progress
from planner.errors import UsageError

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).parents[2] / "examples"
RENT_OR_BUY = str(EXAMPLES / "7_buy_or_rent" / "case.yaml")
DOOR = str(EXAMPLES / "2_rule_that_tightens" / "case.yaml")
POWER = str(EXAMPLES / "1_power_limit" / "case.yaml")
RENT = "offers.shenzhen_910c_rental.rent_usd_per_device_hour"


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def call(capsys, *args, code=0):
    assert run([str(arg) for arg in args]) == code
    return capsys.readouterr()


def results(capsys, *args):
    return json.loads(call(capsys, *args, "--json").out)["results"]


def test_pairs_are_read():
    assert pairs(["a.b=1", "c = x=y", "d=null"]) == {"a.b": "1", "c": "x=y", "d": None}
    with pytest.raises(UsageError, match=r"--set a\.b sets nothing; write PATH=VALUE"):
        pairs(["a.b"])
    with pytest.raises(UsageError, match="--set gives a twice"):
        pairs(["a=1", "a=2"])


def test_whatif_answers_first(capsys):
    lines = call(capsys, "whatif", POWER, "--set", "sites.*.power_mw=0.01").out.splitlines()
    assert lines[0].startswith("With sites.*.power_mw=0.01 the plan costs HKD")
    assert lines[1].startswith("Work left unserved: assistant 98 %")
    assert len(lines) <= 40


def test_whatif_bridges_in_json(capsys):
    found = results(capsys, "whatif", POWER, "--set", "sites.*.power_mw=1", "--set", "economics.discount_rate=0.08")
    assert found["change_hkd"] == pytest.approx(found["after_hkd"] - found["before_hkd"])
    assert sum(line["hkd"] for line in found["causes"]) == pytest.approx(found["change_hkd"])
    assert [line["cause"] for line in found["causes"]][-1] == "together"


def test_a_wrong_path_leaves_with_the_nearest_name(capsys):
    told = call(capsys, "whatif", POWER, "--set", "sitez.hk_hsitp_loop.power_mw=1", code=3)
    assert "'sitez' is no field of the case. Did you mean 'sites'?" in told.err
    assert call(capsys, "whatif", POWER, "--set", "sites", code=2).err.startswith("planner: --set sites sets nothing")
    told = call(capsys, "whatif", EXAMPLES / "scenarios" / "case.yaml", code=2).err
    assert told.startswith(
        "planner: nothing changes; give --set, --scenario or --variant; variants of this case: snap_embargo,"
    )
    assert "There are" in call(capsys, "whatif", POWER, "--scenario", "xyz", code=2).err


def test_a_saved_plan_is_carried_out_elsewhere(capsys, tmp_path):
    call(capsys, "plan", DOOR, "-o", tmp_path / "plan")
    out = call(capsys, "whatif", DOOR, "--scenario", "snap_embargo", "--fix", tmp_path / "plan").out.replace("\n", " ")
    assert out.startswith("Carried out as planned it costs HKD")
    assert "never come (shipping on" in out
    replayed = results(capsys, "whatif", DOOR, "--scenario", "snap_embargo", "--fix", tmp_path / "plan")["replay"]
    assert replayed["regret_hkd"] == pytest.approx(replayed["cost_hkd"] - replayed["best_hkd"])
    assert replayed["regret_hkd"] > 0


def test_sweep_tells_where_the_choice_turns(capsys):
    out = call(capsys, "sweep", RENT_OR_BUY, "--vary", f"{RENT}=0.5:6:6").out
    assert "The main purchase turns from shenzhen_910c_rental to ascend_910c_domestic between" in out


def test_sweep_keeps_runs_and_results_in_a_folder(capsys, tmp_path):
    folder = tmp_path / "sweep"
    args = ("sweep", RENT_OR_BUY, "--vary", f"{RENT}=1:3:3", "-o", folder)
    first = call(capsys, *args).out
    assert len((folder / "runs.jsonl").read_text().splitlines()) == 3
    assert (folder / "runs.csv").read_text().splitlines()[0].startswith(f"{RENT},status,objective_hkd")
    assert json.loads((folder / "sweep.json").read_text())["schema"] == "planner.sweep/1"
    assert call(capsys, *args).out == first
    assert len((folder / "runs.jsonl").read_text().splitlines()) == 3


def test_the_same_seed_gives_the_same_answer(capsys):
    args = ("sweep", RENT_OR_BUY, "--ranges", "offers.*", "--design", "monte_carlo", "--samples", 5)
    one, again, other = (results(capsys, *args, "--seed", seed)["runs"] for seed in (1, 1, 2))
    assert [run["point"] for run in one] == [run["point"] for run in again]
    assert [run["point"] for run in one] != [run["point"] for run in other]


@pytest.mark.parametrize("design", ["lhs", "morris", "tornado"])
def test_designs_have_a_page(capsys, design):
    assert call(capsys, "sweep", RENT_OR_BUY, "--ranges", "offers.*", "--design", design, "--samples", 3).out


def test_sweep_csv_has_a_line_per_run(capsys):
    out = call(capsys, "sweep", RENT_OR_BUY, "--vary", f"{RENT}=1:3:3", "--format", "csv").out
    assert len(out.splitlines()) == 4


def test_the_frontier_in_words(capsys):
    out = call(capsys, "sweep", RENT_OR_BUY, "--design", "frontier", "--samples", 2).out
    assert out.startswith("All that can be served (100 % of the work) costs at least HKD")


def test_a_sweep_over_what_changes_nothing_says_so(capsys):
    out = call(capsys, "sweep", RENT_OR_BUY, "--vary", "budget_hkd=1e12,2e12").out
    assert "in all 2 variants: budget_hkd changes nothing over this range." in " ".join(out.split())


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ((), "nothing varies"),
        (("--vary", "budget_hkd=1:2:3", "--design", "grd"), "no design 'grd'. Did you mean 'grid'?"),
        (("--vary", "budget_hkd=1:2:3:4"), "write PATH=A:B:N"),
        (("--ranges", "offrs.*"), "no estimate of the case fits 'offrs.*'. Did you mean 'offers.*'?"),
        (("--vary", "budget_hkd=1:2:3", "--seed", "-1"), "--seed"),
        (("--ranges", "zzz"), "no estimate of the case fits 'zzz'. Estimates with low below high lie in "),
    ],
)
def test_a_sweep_without_sense(capsys, args, sentence):
    assert sentence in call(capsys, "sweep", RENT_OR_BUY, *args, code=2).err


def test_an_interrupt_says_what_is_kept_and_how_to_go_on(capsys, monkeypatch):
    def interrupted(case, question, *, workers, kept, parts, tell):
        tell(0, 9)
        tell(2, 9)
        raise KeyboardInterrupt

    monkeypatch.setattr("planner.study.sweep.answer.ask", interrupted)
    told = call(capsys, "sweep", RENT_OR_BUY, "--vary", f"{RENT}=1:3:3", code=130).err
    assert "stopped at 2 of 9 runs; they are kept in" in told
    assert "the same call goes on from there" in told


def test_progress_tells_the_time_left(monkeypatch, capsys, tmp_path):
    clock = iter([0.0, 0.0, 100.0, 200.0])
    monkeypatch.setattr("planner.cli.sweep.time.monotonic", lambda: next(clock))
    progress = Progress(tmp_path)
    progress(0, 10)
    progress(5, 10)
    assert "5 of 10 runs, 2 min left" in capsys.readouterr().err


def test_alternatives_in_words_and_json(capsys):
    out = call(capsys, "alternatives", RENT_OR_BUY, "--within", "2%", "--count", 2).out
    assert out.startswith("The best plan costs HKD")
    assert "- all buy huawei_ascend_910c." in out
    found = results(capsys, "alternatives", RENT_OR_BUY, "--within", "0.02", "--count", 0)
    assert found["always"] == {"buy": ["huawei_ascend_910c"], "rent": ["huawei_ascend_910c"]}
    assert found["plans"] == []


def test_a_slack_is_a_share():
    assert share("2%") == share("0.02") == 0.02
    with pytest.raises(UsageError, match=r"--within much is no share; write 2% or 0\.02"):
        share("much")


def test_options_of_a_sweep_that_exclude_or_need_each_other(capsys):
    vary = ("sweep", RENT_OR_BUY, "--vary", f"{RENT}=1:3:3")
    assert "exclude each other" in call(capsys, *vary, "--workers", 2, "--cluster", "tcp://127.0.0.1:1", code=2).err
    assert "--parquet needs a folder: add -o FOLDER." in call(capsys, *vary, "--parquet", code=2).err


def test_a_sweep_on_a_cluster_goes_on_from_what_is_kept(capsys, tmp_path):
    """Kept runs, and the rest on a cluster that loses a worker: the same answer as alone, and the same bytes."""
    pytest.importorskip("distributed")
    pytest.importorskip("pyarrow")
    vary = ("sweep", RENT_OR_BUY, "--vary", f"{RENT}=0.5:6:40", "--parquet")
    alone = call(capsys, *vary, "-o", tmp_path / "alone").out
    kept = (tmp_path / "alone" / "runs.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "runs.jsonl").write_text("".join(kept[:5]))
    with cluster(3, "--no-nanny") as here:
        threading.Timer(2.0, here.processes[1].kill).start()
        assert call(capsys, *vary, "-o", tmp_path / "there", "--cluster", here.address).out == alone
    assert len((tmp_path / "there" / "runs.jsonl").read_text().splitlines()) == 40
    for name in ("runs.csv", "runs.parquet/part-00000.parquet"):
        assert (tmp_path / "there" / name).read_bytes() == (tmp_path / "alone" / name).read_bytes()
