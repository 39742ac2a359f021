# SPDX-License-Identifier: LGPL-2.1-or-later
"""Write the processor tables of `covirt.drivers.common.cpu` from the facts of the corpus.

Run it as `python tools/cpu_tables.py [CORPUS]` after the facts have changed; the tables are kept in the tree. A feature
becomes its one bit, a model what distinguishes it from an earlier model.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from covirt.testing.corpus.environment import Environment, default_corpus

DATA = Path(__file__).resolve().parent.parent / "src/covirt/drivers/common/cpu/data"
REGISTERS = ("eax", "ebx", "ecx", "edx")


def main() -> None:
    """Write all tables."""
    corpus = Path(sys.argv[1]) if len(sys.argv) > 1 else default_corpus()
    facts = Environment(corpus).cpu_map
    write("x86", x86_table(facts["x86"]))
    write("ppc64", ppc64_table(facts["ppc64"]))
    write("arm", arm_table(facts["arm"]))


def write(name: str, table: dict[str, dict[str, Any]]) -> None:
    """One line per entry, so that a change reads well."""
    sections = []
    for section, entries in table.items():
        lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in entries.items()]
        sections.append(f' "{section}": {{\n' + ",\n".join(lines) + "\n }")
    (DATA / f"{name}.json").write_text("{\n" + ",\n".join(sections) + "\n}\n", encoding="utf-8")


# x86


def x86_table(facts: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Vendors with their CPUID text, features with their bit, models with what they have."""
    return {
        "vendors": {vendor["name"]: vendor["string"] for vendor in facts["vendors"]},
        "features": {feature["name"]: x86_feature(feature) for feature in facts["features"]},
        "models": x86_models(facts["models"]),
    }


def x86_feature(feature: dict[str, Any]) -> dict[str, Any]:
    """Where the bit of a feature is."""
    kind = "cpuid" if "cpuid" in feature else "msr"
    (item,) = feature[kind]
    places = [(name, int(item[name], 16)) for name in REGISTERS if int(item.get(name, "0"), 16)]
    ((register, mask),) = places
    if mask.bit_count() != 1:
        raise ValueError(f"feature {feature['name']} is not one bit")
    leaf = int(item["eax_in" if kind == "cpuid" else "index"], 16)
    place = f"cpuid {leaf:#x}.{int(item.get('ecx_in', '0'), 16)}" if kind == "cpuid" else f"msr {leaf:#x}"
    entry: dict[str, Any] = {"in": place, "register": register, "bit": mask.bit_length() - 1}
    if feature.get("migratable") == "no":
        entry["migratable"] = False
    if "aliases" in feature:
        entry["aliases"] = feature["aliases"]
    return entry


def x86_models(facts: list[dict[str, Any]]) -> dict[str, Any]:
    """The models in order; the features of one are told by their difference to an earlier one."""
    models: dict[str, Any] = {}
    told: dict[str, tuple[set[str], set[str]]] = {}
    for model in facts:
        entry: dict[str, Any] = {"decode": decode_words(model["decode"])}
        if "vendor" in model:
            entry["vendor"] = model["vendor"]
        if "based_on" in model:
            entry["based_on"] = model["based_on"]
        if "signature" in model:
            entry["signatures"] = [signature_word(signature) for signature in model["signature"]]
        if "check" in model:
            entry["check"] = model["check"]["partial"]
        if "features" in model:
            own = {name for name in model["features"] if isinstance(name, str)}
            added = {item[0] for item in model["features"] if not isinstance(item, str) and "added" in item[1]}
            removed = [item[0] for item in model["features"] if not isinstance(item, str) and "removed" in item[1]]
            entry |= difference(told, own, added)
            if removed:
                entry["removed"] = " ".join(removed)
            if "based_on" not in model:
                told[model["name"]] = (own, added)
        models[model["name"]] = entry
    return models


def difference(told: dict[str, tuple[set[str], set[str]]], own: set[str], added: set[str]) -> dict[str, str]:
    """The features of a model by their distance to the nearest one told before."""

    def distance(name: str) -> int:
        return len(told[name][0] ^ own) + len(told[name][1] ^ added)

    nearest = min(told, key=distance, default=None)
    words: dict[str, set[str]] = {"plus": own, "later": added}
    entry = {}
    if nearest is not None and distance(nearest) < len(own) + len(added):
        entry["like"] = nearest
        like_own, like_added = told[nearest]
        words = {
            "plus": own - like_own,
            "minus": like_own - own,
            "later": added - like_added,
            "not_later": like_added - added,
        }
    return entry | {key: " ".join(sorted(value)) for key, value in words.items() if value}


def decode_words(decode: dict[str, str]) -> str:
    """For whose processors a model may be the result of decoding."""
    return " ".join(side for side in ("host", "guest") if decode[side] == "on")


def signature_word(signature: dict[str, str]) -> str:
    """`family-model` with the steppings when they are limited, as in `6-85:0-4`."""
    word = f"{signature['family']}-{signature['model']}"
    return f"{word}:{signature['stepping']}" if "stepping" in signature else word


# Others


def ppc64_table(facts: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Models with their processor version values and masks."""
    models = {
        model["name"]: {"vendor": model["vendor"], "pvr": [f"{pvr['value']}/{pvr['mask']}" for pvr in model["pvr"]]}
        for model in facts["models"]
    }
    return {"vendors": {vendor["name"]: {} for vendor in facts["vendors"]}, "models": models}


def arm_table(facts: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Vendors and models with their numbers in the main identification register, and the known features."""
    models = {model["name"]: {"vendor": model["vendor"], "part": model["pvr"][0]["value"]} for model in facts["models"]}
    return {
        "vendors": {vendor["name"]: vendor["value"] for vendor in facts["vendors"]},
        "features": {feature["name"]: {} for feature in facts["features"]},
        "models": models,
    }


if __name__ == "__main__":
    main()
