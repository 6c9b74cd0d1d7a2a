from femsuite.study.schema import json_schema, key_page


def test_a_study_that_extends_another_may_leave_out_what_every_study_needs():
    schema = json_schema()
    assert {"extends", "without"} <= set(schema["properties"])
    assert schema["required"] == ["format"]
    assert schema["if"] == {"not": {"required": ["extends"]}}
    assert {"format", "name", "title", "regions"} <= set(schema["then"]["required"])
    assert schema["dependentRequired"] == {"without": ["extends"]}
    assert "`extends = " in key_page()
    assert "`without = " in key_page()
