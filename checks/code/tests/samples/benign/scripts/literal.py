import ast
import re

PATTERN = re.compile(r"eval\(|exec\(|os\.system")


def parse(text):
    # exec(text) would be wrong
    return ast.literal_eval(text)


def execute(cursor, query):
    cursor.execute(query)
    return PATTERN.search(query)
