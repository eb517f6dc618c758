"""The person blocks of `hulei synth` as one flat CSV, a row for each, with the truth beside it: what both linkers read.
Guardians and contacts are rows of their own, as they are mentions of their own to hulei."""
import csv
import glob
import json
import os
import sys

COLUMNS = ["id", "source", "name", "former_names", "id_type", "id_number", "sex", "birth_date", "birth_calendar", "phones",
           "household", "address", "area_code", "school"]
SEX = {"male": "1", "female": "2", "1": "1", "2": "2"}


def row(identifier, source, person, school=""):
    residence = person.get("residence") or {}
    if isinstance(residence, list):
        residence = residence[0] if residence else {}
    registered = person.get("registered") or {}
    address = residence.get("address") or registered.get("address") or ""
    return {"id": identifier, "source": source, "name": person.get("name", ""),
            "former_names": ";".join(person.get("former_names", [])), "id_type": person.get("id_type", ""),
            "id_number": person.get("id_number", ""), "sex": SEX.get(str(person.get("sex", "")), ""),
            "birth_date": person.get("birth_date", ""), "birth_calendar": person.get("birth_calendar", ""),
            "phones": ";".join(person.get("phones", [])), "household": registered.get("household_ref", ""),
            "address": address, "area_code": residence.get("area_code") or registered.get("area_code") or "",
            "school": school}


def rows(folder):
    for path in sorted(glob.glob(os.path.join(folder, "*.ndjson"))):
        with open(path, encoding="utf-8") as file:
            for line in file:
                event = json.loads(line)
                data = event["data"]
                if "person" not in data:
                    continue
                key = f"{event['source']}|{event['type'].split('.')[1]}|{event['subject']}"
                yield event["time"], row(f"{key}|0", event["source"], data["person"], data.get("school_id", ""))
                others = enumerate([guardian["person"] for guardian in data.get("guardians", [])], 1)
                others = [*others, *((slot, data[role]["person"]) for slot, role in ((1, "teacher"), (2, "mentor"))
                                     if role in data)]
                for slot, person in others:
                    yield event["time"], row(f"{key}|{slot}", event["source"], person)


def convert(folder, records_path, truth_path):
    """Writes both files, gives the number of records. A record outside the truth (sealed, refused) is left out."""
    with open(os.path.join(folder, "truth_clusters.csv"), encoding="utf-8") as file:
        truth = {f"{line['source']}|{line['type']}|{line['subject']}|{line['slot']}": line["person"]
                 for line in csv.DictReader(file)}
    newest = {}
    for time, record in rows(folder):
        if record["id"] in truth and time >= newest.get(record["id"], ("",))[0]:
            newest[record["id"]] = (time, record)
    with open(records_path, "w", encoding="utf-8", newline="") as records, \
            open(truth_path, "w", encoding="utf-8", newline="") as entities:
        writer = csv.DictWriter(records, COLUMNS)
        writer.writeheader()
        entity = csv.writer(entities)
        entity.writerow(["record_id", "entity", "source"])
        for _, record in newest.values():
            writer.writerow(record)
            entity.writerow([record["id"], truth[record["id"]], record["source"]])
    return len(newest)


if __name__ == "__main__":
    print(convert(*sys.argv[1:4]))
