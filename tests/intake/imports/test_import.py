"""Files that people have become entries of a case; nothing is guessed in silence, and what is wrong is told at once."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import yaml

from planner.cli.run import run
from planner.errors import InvalidInput
from planner.intake import read_case
from planner.intake.catalogue import accelerators
from planner.intake.imports.device_names import DeviceNames
from planner.intake.imports.read import Said, read_import

DAY = date(2026, 11, 20)
PRICES = """InstanceType,vCPUs,MemoryGiB,AcceleratorName,AcceleratorCount,GpuInfo,Price,SpotPrice,Region,AvailabilityZone
p5,192,2048,H100,8,"{'Gpus': [{'Name': 'H100'}]}",98.32,30.1,us-east-1,us-east-1a
m5,2,8,,,,0.096,0.03,us-east-1,us-east-1a
g6,4,16,L4,1,,0.8,0.3,us-east-1,us-east-1a
g6.2,8,32,L4,1,,1.0,0.3,us-east-1,us-east-1b
g6.4,8,32,L4,2,,2.4,0.3,ap-northeast-1,
"""
LISTED = """GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-1)
GPU 1: NVIDIA H100 80GB HBM3 (UUID: GPU-2)
GPU 2: NVIDIA A100-SXM4-80GB (UUID: GPU-3)
"""
FRAMED = """|   0  NVIDIA A100-SXM4-80GB          On  | 00000000:07:00.0 Off |                    0 |
| N/A   30C    P0              61W / 400W |      0MiB / 81920MiB |      0%      Default |
|   1  NVIDIA A100-SXM4-80GB          On  | 00000000:0F:00.0 Off |                    0 |
"""
QUERIED = "index, name, memory.total [MiB]\n0, NVIDIA L20, 46068 MiB\n1, NVIDIA L20, 46068 MiB\n"
NPUS = """| NPU   Name                | Health        | Power(W)    Temp(C)           Hugepages-Usage(page)|
| 0     910B2               | OK            | 93.2        38                0    / 0             |
| 0                         | 0000:C1:00.0  | 0           0    / 0          3387 / 65536         |
| 1     910B2               | OK            | 94.8        39                0    / 0             |
"""
WORKLOADS = """id,Name,kind,workload class,tenant,start,end,demand (PFLOP/s),params b,unserved hkd per pflops day
assistant,Assistant,service,inference_llm,city,2027q1,2027q4,5,14,3000
ocr,Reading,service,inference_llm,,2027q1,2027q4,2,7,3000
"""


def entries(tmp_path, text, name="file.csv", **said):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_import(path, Said(as_of=DAY, **said))[0]


def told(tmp_path, text, name="file.csv", **said):
    with pytest.raises(InvalidInput) as error:
        entries(tmp_path, text, name, **said)
    return [str(problem).replace(f"{tmp_path}/", "") for problem in error.value.problems]


@pytest.mark.parametrize(
    ("name", "device"),
    [
        ("nvidia_h20_96gb", "nvidia_h20_96gb"),
        ("NVIDIA H100 80GB HBM3", "nvidia_h100_sxm"),
        ("NVIDIA H100 PCIe", "nvidia_h100_pcie"),
        ("NVIDIA A100-SXM4-80GB", "nvidia_a100_80gb_sxm"),
        ("NVIDIA A100-SXM4-40GB", "nvidia_a100_40gb_sxm"),
        ("NVIDIA A800-SXM4-80GB", "nvidia_a800_80gb_sxm"),
        ("NVIDIA GeForce RTX 4090 D", "nvidia_rtx_4090d"),
        ("Tesla T4", "nvidia_t4"),
        ("L4", "nvidia_l4"),
        ("910B3", "huawei_ascend_910b3"),
        ("Ascend 910C", "huawei_ascend_910c"),
        ("MI300X", "amd_mi300x"),
    ],
)
def test_names_of_drivers_and_sellers_are_known(name, device):
    assert device in accelerators()
    assert DeviceNames({}).of(name) == device


@pytest.mark.parametrize("name", ["H20", "NVIDIA H800", "A100"])
def test_a_name_of_several_devices_is_none(name):
    names = DeviceNames({})
    assert names.of(name) is None
    assert "may be" in names.problems[name][0]
    assert f"--device '{name}=" in names.problems[name][1]


def test_every_device_is_known_by_its_own_name():
    for key, device in accelerators().items():
        assert DeviceNames({}).of(key) == key
        assert DeviceNames({}).of(device.name) in (key, None)


def test_a_price_list_becomes_an_offer_for_each_device_and_site(tmp_path):
    regions = {"us-east-1": "us_virginia", "ap-northeast-1": "jp_tokyo"}
    imported = entries(tmp_path, PRICES, regions=regions, devices={"H100": "nvidia_h100_sxm"})
    offers = imported.entries["offers"]
    assert len(offers) == 3
    assert offers["us_virginia_nvidia_h100_sxm_rental"]["rent_usd_per_device_hour"] == pytest.approx(98.32 / 8)
    assert offers["us_virginia_nvidia_l4_rental"]["rent_usd_per_device_hour"] == {"low": 0.8, "mid": 0.9, "high": 1.0}
    assert offers["jp_tokyo_nvidia_l4_rental"]["rent_usd_per_device_hour"] == 1.2
    assert offers["us_virginia_nvidia_l4_rental"]["source"] == "file.csv, 2 rows from line 4"
    assert {offer["as_of"] for offer in offers.values()} == {"2026-11-20"}
    assert "'L4' is taken for nvidia_l4." in imported.notes
    assert any("passed over: 1" in note for note in imported.notes)


def test_every_slip_of_a_price_list_is_told_at_once(tmp_path):
    problems = told(tmp_path, PRICES.replace("L4", "B9000"), regions={"us-east-1": "us_virgina"})
    assert any("no site 'us_virgina'. Did you mean 'us_virginia'?" in p for p in problems)
    assert any("file.csv:6: region 'ap-northeast-1' has no site" in p for p in problems)
    assert any("file.csv:4: the catalogue has no device 'B9000'" in p for p in problems)


@pytest.mark.parametrize(
    ("text", "fleet"),
    [
        (LISTED, [("nvidia_h100_sxm", 4), ("nvidia_a100_80gb_sxm", 2)]),
        (FRAMED, [("nvidia_a100_80gb_sxm", 4)]),
        (QUERIED, [("nvidia_l20", 4)]),
        (NPUS, [("huawei_ascend_910b2", 4)]),
        ("GPU,Count\nNVIDIA L20,4\n", [("nvidia_l20", 4)]),
    ],
    ids=["nvidia-smi -L", "nvidia-smi", "nvidia-smi --query-gpu", "npu-smi info", "csv"],
)
def test_an_inventory_becomes_a_standing_fleet(tmp_path, text, fleet):
    nodes = 1 if text.startswith("GPU,") else 2
    imported = entries(tmp_path, text, site="hk_universities", installed=date(2025, 6, 30), nodes=nodes)
    given = imported.entries["sites"]["hk_universities"]["fleet"]
    assert [(each["accelerator"], each["devices"]) for each in given] == fleet
    assert all(each["installed"] == "2025-06-30" and "file.csv, line" in each["source"] for each in given)


def test_an_inventory_says_where_and_since_when(tmp_path):
    assert [p.partition(": ")[2] for p in told(tmp_path, "gpu,count\nL20,4\n")] == [
        "nothing says at which site it stands. Add a column `site`, or --site ID.",
        "nothing says when it was installed. Add a column `installed`, or --installed 2025-06-30.",
    ]
    own = entries(tmp_path, "gpu,count,install date,location\nL20,4,2024-01-05,hk_aisc\n").entries["sites"]
    assert own["hk_aisc"]["fleet"][0]["installed"] == "2024-01-05"


def test_a_sheet_of_workloads_becomes_workloads(tmp_path):
    imported = entries(tmp_path, WORKLOADS, fill={"tenant": "others", "data_class": "public"})
    jobs = imported.entries["workloads"]
    assert jobs["assistant"]["demand_pflops"]["mid"] == 5
    assert (jobs["assistant"]["tenant"], jobs["ocr"]["tenant"]) == ("city", "others")
    assert jobs["ocr"]["data_class"] == "public"
    assert jobs["ocr"]["source"] == "file.csv, line 3, as of 2026-11-20"


def test_what_a_sheet_of_workloads_lacks_is_told_by_line(tmp_path):
    problems = told(tmp_path, WORKLOADS.replace(",5,14", ",much,14"), fill={"tenant": "x"})
    assert problems[0].startswith("file.csv:1: column 'data_class' is missing")


@pytest.mark.slow
def test_a_workbook_gives_what_its_table_gives(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for line in WORKLOADS.splitlines():
        book.active.append([float(cell) if cell.isdigit() else cell for cell in line.split(",")])
    book.save(tmp_path / "demand.xlsx")
    fill = {"tenant": "others", "data_class": "public"}
    from_book = read_import(tmp_path / "demand.xlsx", Said(as_of=DAY, fill=fill))[0].entries
    from_table = entries(tmp_path, WORKLOADS, "demand.xlsx.csv", fill=fill).entries
    assert json.dumps(from_book).replace("demand.xlsx", "") == json.dumps(from_table).replace("demand.xlsx.csv", "")
    with pytest.raises(InvalidInput, match=r"has no sheet 'Demand'\. It has Sheet"):
        read_import(tmp_path / "demand.xlsx", Said(as_of=DAY, sheet="Demand"))


def test_a_file_of_no_known_kind_says_what_it_would_need(tmp_path):
    assert "Say what it is: --kind prices" in told(tmp_path, "a,b\n1,2\n")[0]
    assert "there is no such file" in told_of(tmp_path / "none.csv")


def told_of(path: Path) -> str:
    with pytest.raises(InvalidInput) as error:
        read_import(path, Said(as_of=DAY))
    return str(error.value)


@pytest.mark.slow
def test_entries_are_laid_into_a_case_as_they_come(tmp_path, capsys):
    (tmp_path / "vms.csv").write_text(PRICES)
    (tmp_path / "smi.txt").write_text(LISTED)
    calls = [
        ["import", str(tmp_path / "vms.csv"), "--site", "us_virginia", "--device", "H100=nvidia_h100_sxm", "--as-of", "2026-11-20"],
        ["import", str(tmp_path / "smi.txt"), "--site", "hk_universities", "--installed", "2025-06-30"],
    ]  # fmt: skip
    case = {"title": "Imported", "horizon": {"start": "2027q1", "end": "2027q4"}, "sites": {"us_virginia": {}}}
    for call in calls:
        assert run(call) == 0
        for section, given in yaml.safe_load(capsys.readouterr().out).items():
            case[section] = {**case.get(section, {}), **given}
    (tmp_path / "case.yaml").write_text(yaml.safe_dump(case))
    read = read_case(tmp_path / "case.yaml")
    assert read.offers["us_virginia_nvidia_l4_rental"].rent_usd_per_device_hour.high == 1.2
    assert [fleet.devices for fleet in read.sites["hk_universities"].fleet] == [2, 1]


def test_a_wrong_file_writes_nothing_and_ends_with_code_3(tmp_path, capsys):
    (tmp_path / "vms.csv").write_text(PRICES)
    assert run(["import", str(tmp_path / "vms.csv"), "-o", str(tmp_path / "out.yaml")]) == 3
    assert not (tmp_path / "out.yaml").exists()
    assert run(["import", str(tmp_path / "vms.csv"), "--device", "H100"]) == 2
    assert "--device H100 sets nothing" in capsys.readouterr().err
